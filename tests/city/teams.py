"""A small team file, and the same with another van: what tests rehearse."""

TEAMS = """\
teams: One van
kinds:
  police:
    label: {en: "Police", es: "Policía"}
    answers: [police]
    unlimited: true
    armed: true
  community_team:
    label: {en: "Community team", es: "Equipo comunitario"}
    answers: [community_team, ems_and_community_team, outreach_team, mediation, co_response]
    takes over: {kind: police, after: 45}
    minutes: {to leave: 2, write up: 10, if police: 30}
units:
  - name: Van
    kind: community_team
    base: {latitude: 39.320, longitude: -103.204}
    roams: true
    shifts:
      - {days: every day, hours: "08:00-20:00", number: 1}
"""
ONE_MORE = TEAMS.replace("teams: One van", "teams: Two vans").replace("number: 1", "number: 2")
BROKEN = TEAMS.replace("number: 1", "number: -1")
# A van at each of two bases at all hours: a target can be met.
AROUND = TEAMS.replace(
    """      - {days: every day, hours: "08:00-20:00", number: 1}
""",
    """      - {days: every day, hours: "08:00-20:00", number: 1, break: {minutes: 30, after: 240}}
      - {days: every day, hours: "20:00-08:00 next day", number: 1}
  - name: Other van
    kind: community_team
    base: {latitude: 39.330, longitude: -103.190}
    shifts:
      - {days: every day, hours: "08:00-20:00", number: 1}
""",
).replace("teams: One van", "teams: Around the clock")
