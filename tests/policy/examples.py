"""One small policy that the tests of this folder share."""

SMALL = """\
policy: small
version: "1"
title: {en: "A small policy", es: "Una política pequeña"}
inputs:
  nature:
    type: choice
    always known: true
    label: {en: "What is happening", es: "Qué pasa"}
    values:
      noise: {en: "Noise", es: "Ruido"}
      fight: {en: "Fight", es: "Pelea"}
      welfare_check: {en: "Welfare check", es: "Ver si alguien está bien"}
  weapon:
    type: boolean
    ask: {en: "Has anyone seen a weapon?", es: "¿Alguien vio un arma?"}
    when unknown: true
  violence:
    type: choice
    ask: {en: "Is anyone violent?", es: "¿Hay violencia?"}
    values: {none: {en: "No"}, threat: {en: "A threat"}, now: {en: "Yes"}}
    when unknown: threat
  hour: {type: number, range: "[0..24)"}
tables:
  risk:
    hit: first
    outputs: {risk: [immediate, high, low]}
    rules:
      - id: weapon-with-threat
        when: {weapon: "true", violence: '"threat","now"'}
        then: {risk: immediate}
        because: {en: "A weapon and a threat can kill.", es: "Un arma y una amenaza pueden matar."}
        source: "Example"
      - id: fight
        when: {nature: '"fight"', violence: 'not("none")'}
        then: {risk: high}
        because: "People get hurt in fights."
        source: "Example"
      - {id: otherwise, then: {risk: low}, because: "Nothing speaks for danger.", source: "Example"}
  response:
    hit: first
    outputs: {responder: [police, community_team]}
    rules:
      - id: risky
        when: {risk: '"immediate","high"'}
        then: {responder: police}
        because: "Danger needs police."
        source: "Example"
      - id: night
        when: {hour: "[0..6)", weapon: unknown}
        then: {responder: police}
        because: "At night nobody could look."
        source: "Example"
      - id: calm
        then: {responder: community_team}
        because: {en: "A clinician and a medic can help.", es: "Pueden ayudar."}
        source: "Example"
promises:
  - id: weapons
    says: {en: "A weapon never meets an unarmed team.", es: "Un arma nunca."}
    never: "weapon and responder = community_team"
"""

# The same with a promise that it keeps.
SOUND = SMALL.replace("weapon and responder", "weapon and violence != none and responder")
