"Draws the picture that social networks show beside a link to the site: `python nbs/images/_card.py`"
from pathlib import Path
from PIL import Image, ImageDraw, ImageFont

INK, DIM, PAPER, SHEET, YELLOW = '#1f2733', '#5d6b7e', '#f3f5f8', '#ffffff', '#ffff00'

def draw_words(draw, xy, words, size, fill=INK, gap=16):
    "Write `words` one after the other; a word that starts with * is marked"
    x,y = xy
    font = ImageFont.load_default(size)
    for word in words:
        text = word.lstrip('*')
        wide = draw.textlength(text, font=font)
        if word!=text: draw.rectangle((x-6, y-2, x+wide+6, y+size+10), fill=YELLOW)
        draw.text((x, y), text, font=font, fill=fill)
        x += wide+gap

def draw_card():
    "An answer with marked words, under what it answers"
    card = Image.new('RGB', (1200, 630), PAPER)
    draw = ImageDraw.Draw(card)
    draw_words(draw, (80, 60), ['fastdebug'], 84)
    draw_words(draw, (80, 165), ['Ask your own notebooks a question'], 42, DIM)
    draw.rounded_rectangle((80, 255, 1120, 570), 18, fill=SHEET, outline='#d5dbe4', width=2)
    draw_words(draw, (120, 290), ['*How', '*does', '*gradient', '*accumulation', '*work', '?'], 46)
    draw_words(draw, (120, 385), ['loss.backward()   adds to p.grad, until the group is complete'], 32, DIM)
    for i in range(12):
        high = 22+24*(i%4)
        draw.rectangle((120+78*i, 545-high, 170+78*i, 545), fill='#e07b39' if i%4==3 else '#3f7fbf')
    return card

if __name__=='__main__': draw_card().quantize(32).save(Path(__file__).with_name('card.png'), optimize=True)
