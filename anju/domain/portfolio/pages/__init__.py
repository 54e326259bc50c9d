"""房源: the room status map, the list, one unit, the tree of places."""
