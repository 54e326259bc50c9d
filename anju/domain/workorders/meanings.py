"""What goes with what: troubles of one domain, things that are one place to look at, what an outage shows in."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """Words written one after the other."""
    return frozenset(text.split())


# Says little: two things that are broken are not one thing.
VAGUE = listed("dead always spillpipe runon")
# Different signs of what may be one trouble of one thing.
KIN = tuple(
    listed(line)
    for line in (
        "leak back runon mould peel",
        "clog back",
        "nowater lowpress",
        "nohot noignite cold unsteady",
        "nopower trip",
        "trip spark shock",
        "loose broken shut stuck bulge peel",
        "dark volt",
        "nocool noheat",
        "nosuck fumes",
        "smell mould fumes fire",
        "smell back",
        "noise loose nospin",
        "ringing noise",
        "nogas noignite",
        "fire spark",
        "pest",
        "shut noise",
        "stuck lost",
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
        "floor tile",
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
    "nonet": listed("router light"),
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
COMMON = OUTAGES | listed("noise smell noignite")
