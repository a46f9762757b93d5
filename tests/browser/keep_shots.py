"""Makes the README's pictures of those that the browser tests took:

    pytest tests/browser/test_answers.py tests/browser/test_box_in_lab.py -k picture && python tests/browser/keep_shots.py
"""
import os
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent.parent
SHOTS = Path(os.environ.get('FASTDEBUG_SHOTS') or ROOT/'_shots')   # where a test run leaves them
KEEP = tuple(f'{name}_{theme}.png' for name in ('fastnbs', 'fastbox', 'error') for theme in ('light', 'dark'))
MOST = 150_000 # bytes; a page that loads at once


def shrink(
    shot, # a screenshot, png
    dest, # where to write it
) -> Path: # `dest`
    "`shot` in as many colours as fit into `MOST` bytes; text on a plain ground needs few"
    image = Image.open(shot).convert('RGB')
    for colors in (256, 128, 64, 32):
        image.quantize(colors, dither=Image.Dither.NONE).save(dest, optimize=True)
        if Path(dest).stat().st_size<=MOST: break
    return Path(dest)


def main():
    images = ROOT/'nbs/images'
    images.mkdir(exist_ok=True)
    for name in KEEP: print(f'nbs/images/{name}: {shrink(SHOTS/name, images/name).stat().st_size:,} bytes')


if __name__=='__main__': main()
