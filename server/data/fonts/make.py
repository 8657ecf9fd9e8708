#!/usr/bin/env python3
"""Makes card.ttf anew: the signs of GB 2312 and ASCII out of WenQuanYi Micro Hei, without hints.

    python3 make.py [wqy-microhei.ttc]

Needs the Python package fonttools (4.68.0 made the file that lies here) and Debian's fonts-wqy-microhei, which
`make setup-test` installs.
"""

import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
TARGET = pathlib.Path(__file__).with_name("card.ttf")


def signs():
    """ASCII, and all of GB 2312: its signs, and its 6,763 characters."""
    found = {chr(code) for code in range(0x20, 0x7F)}
    for high in [*range(0xA1, 0xAA), *range(0xB0, 0xF8)]:
        for low in range(0xA1, 0xFF):
            try:
                found.add(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                pass  # Not every place of the table is taken.
    return found


# The first face of the collection: the other is the same with all letters of one width.
font = TTFont(SOURCE, fontNumber=0, recalcTimestamp=False)
options = subset.Options()
options.hinting = False
options.layout_features = []
options.drop_tables += ["GSUB", "GPOS", "GDEF", "vhea", "vmtx", "FFTM"]
options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
subsetter = subset.Subsetter(options)
subsetter.populate(text="".join(sorted(signs())))
subsetter.subset(font)
font.save(TARGET)
print(f"{TARGET}: {len(font.getBestCmap())} signs, {TARGET.stat().st_size} bytes")
