"""Rights in drill organizations."""

from anju.foundation.access import permission

MOVE_CLOCK = permission("demo.clock.move", zh="拨动演练时钟", en="Move the drill clock", roles=())
END_MOVE = permission("demo.clock.end", zh="结束演练时钟的前进", en="End a move of the drill clock", roles=())
