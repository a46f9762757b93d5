"""What a reader sees of a hub: in a cell, in a terminal, in a list of headings; and nothing of this disk is mistaken for it."""
import json, re
import pytest
from fastdebug import cli
from fastdebug.crawl import Crawler
from fastdebug.utils import fastlistnbs, fastnbs, fastnotes
from test_same_as_at_home import write

TEAM = '# Quokka of the team\n\nIt smiles, see ![it](quokka.png) and [more](other.md).\n\n```python\nimport os\nquokka = 1\n```\n'

@pytest.fixture
def both(address, tmp_path, reader):
    "Own notes where the reader stands, a team's in a hub, and pictures beside both"
    write(reader/'settings.ini', '')
    write(reader/'own.md', '# Wombat of mine\n\nIt digs.\n')
    write(tmp_path/'team'/'sub'/'quokka.md', TEAM)
    write(tmp_path/'team'/'other.md', '# Numbat of the team\n\nIt eats termites.\n')
    png = bytes.fromhex('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc000000301010018dd8db00000000049454e44ae426082')
    for o in (reader, tmp_path/'team'/'sub'): (o/'quokka.png').write_bytes(png)
    # a folder that somebody made to look like a hub
    write(reader/'hub:'/address.rpartition('/')[2]/'team'/'sub'/'quokka.md', TEAM.replace('team', 'trap')+'\n```python\ntrap = 1\n```\n')
    Crawler(address, [tmp_path/'team'], public=True, shards=1).look()
    (reader/'hub:'/'ignored').mkdir()
    return reader

def test_an_answer_shows_both_and_says_how_old_the_hub_is(both):
    answer = fastnbs('quokka wombat digs')
    files  = [h.section.file for h in answer]
    assert any(o.startswith('hub://') for o in files) and any(o.endswith('own.md') for o in files)
    assert re.search(r'hub as of \d+ (second|minute)s? ago', repr(answer).splitlines()[-1])

def test_a_hit_of_a_hub_shows_its_text_and_nothing_of_this_disk(both):
    hit  = next(h for h in fastnbs('quokka of the team smiles', meaning=False) if h.section.file.startswith('hub://'))
    page = hit._repr_markdown_()
    assert 'It smiles' in page.replace('<mark style="background-color: #ffff00">', '').replace('</mark>', '')
    assert 'data:image' not in page and 'other.md' not in page and hit.links==()
    assert 'quokka = 1' in hit.copy() and 'trap' not in hit.copy()

def test_headings_of_both_are_listed(both):
    said = repr(fastlistnbs())
    assert 'Wombat of mine' in said and 'Numbat of the team' in said
    assert '</mark> of the team' in fastlistnbs('numbat')._repr_markdown_()
    assert 'termites' in repr(fastnotes('termites'))

def test_commands_ask_both(both, capsys, address):
    def run(f, *args):
        with pytest.raises(SystemExit) as e: f([*args])
        return e.value.code, capsys.readouterr().out
    code, said = run(cli.run_fastnbs, 'termites')
    assert code==0 and 'Numbat of the team' in said and 'hub as of' in said
    code, said = run(cli.run_fastnbs, '--json', '--roots', address, 'termites')
    hits = json.loads(said)['hits']
    assert [h['file'] for h in hits]==[f'hub://{address.rpartition("/")[2]}/team/other.md'] and hits[0]['links']==[]
    code, said = run(cli.run_fastlistnbs, '--json', '--roots', address)
    assert {h['text'] for h in json.loads(said)['hits']}=={'Quokka of the team', 'Numbat of the team'}

def test_a_hub_is_not_asked_where_a_place_was_named(both, tmp_path):
    assert 'hub as of' not in repr(fastnbs('termites', roots=str(both)))
