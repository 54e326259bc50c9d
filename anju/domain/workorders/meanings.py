"""What goes with what: troubles of one domain, things that are one place to look at, what an outage shows in."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """Words written one after the other."""
    return frozenset(text.split())


# Says little: two things that are broken are not one thing.
VAGUE = listed("dead always spillpipe runon stain")
# Different signs of what may be one trouble, whichever thing it is in.
KIN = tuple(
    listed(line)
    for line in (
        "leak back",
        "clog back",
        "nowater lowpress",
        "nohot unsteady noignite",
        "nohot cold",
        "nopower trip",
        "trip shock",
        "dark volt",
        "nosuck fumes",
        "nogas noignite",
        "nogas gassmell",
        "fire spark",
        "loose bulge",
        "ringing noise",
    )
)
# The same, where they are said of one thing.
KIN_OF_ONE = tuple(
    listed(line)
    for line in (
        "leak back runon mould peel bulge dirty",
        "clog back leak runon",
        "clog back smell",
        "clog back noise",
        "loose broken shut stuck bulge peel noise",
        "trip spark shock dark dead nopower nohot",
        "nocool noheat",
        "nohot dirty",
        "smell mould fumes fire",
        "noise loose nospin",
        "stuck lost shut dark trapped",
        "nosuck noise",
        "nosuck smell",
        "nohot noignite nogas lowpress unsteady nowater cold noheats nopower",
        "nopower spark dark loose",
        "dark spark broken",
        "nospin clog noise",
        "clog lowpress nowater",
        "noise trapped stuck shut",
    )
)
# Things that are one place to look at when the same is wrong with them.
ONE_PLACE = tuple(
    listed(line)
    for line in (
        "pipe sink tap purifier dishwasher cabinet",
        "pipe basin tap bathcabinet",
        "pipe toilet",
        "pipe drain showerroom bathtub",
        "pipe washer drain",
        "pipe heater",
        "pipe heating",
        "pipe shower tap",
        "ceiling wall",
        "wall tile",
        "wall window",
        "floor tile floortile",
        "lock frontdoor roomdoor",
        "lock slidedoor",
        "slidedoor glass window",
        "window glass",
        "mirror bathcabinet",
        "counter cabinet",
        "ac remote",
        "tv remote",
        "rack remote",
        "light switch",
        "yuba switch light",
        "stove inductor",
        "bed mattress",
        "wardrobe cabinet",
        "router light",
        "showerroom slidedoor glass",
        "sink cabinet",
        "table drawer",
        "alarm gasmeter",
        "hydrant pipe ceiling",
        "entrance intercom",
        "flue hood",
    )
)
# Nothing a home has of its own: everybody's water, power, gas, warmth, network; and what threatens all.
OUTAGES = listed("nowater lowpress dirty nohot nopower volt nogas nonet cold gassmell fire")
# Things that an outage shows in: naming one does not make it one home's own trouble.
SHOWN_IN = {
    "nowater": listed("tap toilet sink basin shower shower washer"),
    "lowpress": listed("tap shower heater sink"),
    "dirty": listed("tap toilet basin shower sink"),
    "nohot": listed("tap shower basin"),
    "nopower": listed("light fridge tv ac fan switch router"),
    "volt": listed("light fridge tv ac fan"),
    "nogas": listed("stove heater"),
    "nonet": listed("light"),
    "cold": listed(""),
    "gassmell": listed("stove"),
    "fire": listed(""),
}
# Things of one home that water running through a floor may come from; the others drip for themselves.
NO_SOURCE = listed("ac window fridge hood fan curtain screen")
WET = listed("leak back")
ROOMS_APART = listed("@kitchen @bath @balcony")
# What is wrong with how a lift runs is one trouble, however it shows.
LIFT_RUNS = listed("dead stuck shut noise trapped loose always ringing broken")
# Two of one building say so of what is not nobody's own.
COMMON = OUTAGES | listed("noise smell noignite trip")

# Part of something, or one of several: naming it says nothing where the rest differs.
PARTS = listed("remote switch glass light pipe lock tile")
# What stands around: it is wet or cracked because of something else, or tells where.
AROUND = listed(
    "floor counter cabinet bathcabinet wardrobe bed mattress table sofa socket tile floortile teatable gasmeter"
)
# Wrong with so many things that it says little where one of the two reports names none.
MECHANICAL = listed("loose broken noise stuck shut dark trapped spark")
# Rooms of the house that are not the stairs.
ZONES = listed("lift basement bikeshed")
# Said of a pipe, whatever hangs on it.
BY_WATER = listed("leak back clog cold dirty lowpress smell nohot")
PLACE_WORDS = listed("厨房 卫生间 卧室 客厅 阳台 门口 楼道")
