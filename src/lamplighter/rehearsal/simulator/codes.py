"""The numbers by which the compiled parts know things."""

from __future__ import annotations

import numpy as np

from lamplighter.rehearsal.outcome import Reason, Status
from lamplighter.rehearsal.simulator.plan import SHARES, STEPS

# Numbers of numpy, because a function is compiled anew for every plain number it is called with.
ABSENT, LEADS, WITH_KIND, BY_POLICY, BACKUP, POLICE = (np.int64(one) for one in range(-1, 5))
TO_ARRIVE, TO_LEAVE, ON_SCENE, WRITE_UP, TRANSPORT, BACKUP_ON_SCENE = map(
    np.int64, range(len(STEPS))
)
TRANSPORTED, ASKS_BACKUP, STANDS_DOWN = map(np.int64, range(len(SHARES)))
# The draws of a call: its steps, then these; those of the next one to come are `ROLE_DRAWS` on.
TRAVEL, HAPPENS, PATIENCE = len(STEPS), len(STEPS) + 1, len(STEPS) + 1 + len(SHARES)
ROLE_DRAWS = 16

OFF, FREE, BUSY, ON_BREAK = range(4)
EVENT = 2**40  # an event is what happens times this, and to whom
FIRST_RANK = np.int64(0)  # backup waits before all others
NOBODY_WAITS = np.int64(0)  # the place in `State.waiting` of which all lists are empty

SERVED, TAKEN_OVER = int(Status.SERVED), int(Status.TAKEN_OVER)
WITHDRAWN, UNSERVED = int(Status.WITHDRAWN), int(Status.UNSERVED)
NOT_REHEARSED = int(Status.NOT_REHEARSED)
NONE, OUTSIDE_HOURS = int(Reason.NONE), int(Reason.OUTSIDE_HOURS)
NO_UNIT_FREE, POLICE_FIRST = int(Reason.NO_UNIT_FREE), int(Reason.POLICE_FIRST)
STILL_WAITING = int(Reason.STILL_WAITING)

# Places in `State.counters`.
COMING, WAITING, HAPPENED, TRIES, SPARE, SLOTS, AHEAD = range(7)
