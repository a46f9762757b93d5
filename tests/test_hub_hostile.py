"""Whatever answers under the address of a hub, one's own notes answer, soon and with one sentence; and nothing is told to it that
was not meant for it. The servers here are plain ones on the loopback address: no OpenSearch is needed."""
import json, socket, threading, time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import pytest
from fastdebug import joint
from fastdebug.config import find_config
from fastdebug.core import HubError
from fastdebug.crawl import Crawler
from fastdebug.search import Searcher
from fastdebug.utils import fastnbs

SECRET = 'mary:Correct-horse'

class Server(ThreadingHTTPServer):
    daemon_threads = True
    def handle_error(self, *_): pass # the client hung up

@contextmanager
def serving(reply):
    "A server that answers each request by `reply(handler)`; what it was asked and told"
    class Handler(BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        def log_message(self, *_): pass
        def do_GET(self):
            self.server.asked.append((self.path, self.headers.get('Authorization', '')))
            self.body = self.rfile.read(int(self.headers.get('Content-Length') or 0)).decode()
            reply(self)
        do_POST = do_PUT = do_HEAD = do_GET
    server = Server(('127.0.0.1', 0), Handler)
    server.asked, server.url = [], f'http://127.0.0.1:{server.server_port}'
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try: yield server
    finally: server.shutdown(); server.server_close()

def send(h, status=200, body=b'', kind='application/json', **head):
    h.send_response(status)
    for k,v in {'Content-Type':kind, 'Content-Length':str(len(body)), **head}.items(): h.send_header(k.replace('_', '-'), v)
    h.end_headers()
    h.wfile.write(body)

def say(value): return lambda h: send(h, body=json.dumps(value).encode())
def status(n, body=b'{}', **head): return lambda h: send(h, n, body, **head)

def endless(h):
    h.send_response(200)
    h.send_header('Content-Type', 'application/json')
    h.end_headers()
    while True: h.wfile.write(b'[' + b' '*1_000_000)

def dripping(h):
    h.send_response(200)
    for k,v in (('Content-Type', 'application/json'), ('Content-Length', '1000000')): h.send_header(k, v)
    h.end_headers()
    while True:
        h.wfile.write(b' ')
        h.wfile.flush()
        time.sleep(.05)

def deep(h): send(h, body=b'['*500_000)
def silent(h): time.sleep(30)
def gibberish(h): h.wfile.write(b'\x00\xff\x1b[31mSSH-2.0\r\n\r\n'); h.close_connection = True

HOSTILE = {'a page': (status(200, b'<html><script>alert(1)</script>', kind='text/html'), 'as OpenSearch does'),
    'sends elsewhere': (status(302, Location='http://127.0.0.1:9/'), 'sends elsewhere'),
    'refuses the password': (status(401), 'FASTDEBUG_HUB_AUTH'), 'refuses the person': (status(403), 'ask its administrator'),
    'has no such index': (status(404), 'there is no notes at'), 'has too much to do': (status(429), 'too much to do'), 'is not ready': (status(503), 'not ready'),
    'fails': (status(500, b'\x1b[2J<b>boom</b>'), 'as OpenSearch does'), 'answers without end': (endless, 'does'), 'answers a byte at a time': (dripping, 'did not answer within'),
    'never answers': (silent, 'did not answer within'), 'is no server of pages': (gibberish, "can't be reached"), 'sends a thousand brackets': (deep, 'as OpenSearch does'),
    'answers something else': (say({'user_name':'x', 'hits':[1], 'responses':[{'_shards':{'failed':0}}]*3}), 'as OpenSearch does'),
    'answers a list': (say([]), 'as OpenSearch does'), 'answers a number': (say(3), 'as OpenSearch does'), 'answers null': (say(None), 'does')}

@pytest.fixture
def notes(tmp_path, monkeypatch, reader):
    "Notes of one's own, and a person who names a hub in their settings"
    (tmp_path/'reader'/'quokka.md').write_text('# Quokka\n\nIt smiles.\n')
    (tmp_path/'reader'/'settings.ini').write_text('')
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(tmp_path/'own.ini'))
    monkeypatch.setenv('FASTDEBUG_HUB_AUTH', SECRET)
    monkeypatch.setenv('HOME', str(tmp_path/'home'))
    monkeypatch.setattr('fastdebug.utils._searchers', {})
    monkeypatch.setattr(joint, 'WAIT', .5)
    def name(url): (tmp_path/'own.ini').write_text(f'[fastdebug]\nmeaning = no\nhub = {url}\n')
    return name

@pytest.mark.parametrize('kind', HOSTILE)
def test_own_notes_answer_whatever_the_hub_does(kind, notes, capfd):
    reply, said = HOSTILE[kind]
    with serving(reply) as server:
        notes(f'{server.url}/notes')
        answer = fastnbs('quokka')
    last = repr(answer).splitlines()[-1]
    assert answer[0].section.heading=='Quokka'
    assert said in last, last
    assert not any(o in repr(answer) for o in ('horse', 'alert', 'boom', '\x1b', 'Traceback'))
    assert capfd.readouterr()==('', ''), 'nothing is printed'

def test_a_hub_that_is_not_there_is_one_sentence_and_is_left_alone_for_a_while(notes):
    with socket.create_server(('127.0.0.1', 0)) as s: port = s.getsockname()[1]
    notes(f'http://127.0.0.1:{port}/notes')
    assert "can't be reached" in repr(fastnbs('quokka'))
    with serving(status(500)) as server:
        searcher = Searcher(find_config())
        searcher._hub = joint.JointHub(find_config())
        searcher._hub.hub._failed = time.monotonic(), HubError('it is left alone')
        assert 'it is left alone' in searcher.search('quokka').scope.notes[-1] and not server.asked

def test_a_password_goes_to_the_own_hub_alone(notes, tmp_path):
    "An address in a cell may be a stranger's; it is asked, and told nothing"
    with serving(status(500)) as own, serving(status(500)) as other, serving(lambda h: send(h, 302, Location=f'{other.url}/notes')) as sends:
        notes(f'{own.url}/notes')
        repr(fastnbs('quokka'))
        assert own.asked and all(auth.startswith('Basic ') for _,auth in own.asked)
        with pytest.raises(HubError): fastnbs('quokka', roots=f'{other.url}/notes')
        assert other.asked and not any(auth for _,auth in other.asked)
        other.asked.clear()
        notes(f'{sends.url}/notes')
        assert 'sends elsewhere' in repr(fastnbs('quokka')) and sends.asked and not other.asked
        notes(f'{own.url}/notes')
        own.asked.clear()
        with pytest.raises(HubError): fastnbs('quokka', roots=f'{own.url}/~stranger/notes')
        assert own.asked and not any(auth for _,auth in own.asked), 'another place on the same server'

def test_a_netrc_is_no_secret_of_any_port(notes, tmp_path, monkeypatch):
    monkeypatch.delenv('FASTDEBUG_HUB_AUTH')
    (tmp_path/'home').mkdir()
    (tmp_path/'home'/'.netrc').write_text('machine 127.0.0.1 login mary password Correct-horse\n')
    with serving(status(500)) as own, serving(status(500)) as other:
        notes(f'{own.url}/notes')
        with pytest.raises(HubError): fastnbs('quokka', roots=f'{other.url}/notes')
        assert other.asked and not any(auth for _,auth in other.asked)
        repr(fastnbs('quokka'))
        assert own.asked and all(auth for _,auth in own.asked)

@pytest.mark.parametrize('address,said', [('http://search.example.org/notes', 'use https'), ('https://mary:horse@search.example.org/notes', 'FASTDEBUG_HUB_AUTH'),
    ('https://search.example.org/', 'names no index'), ('https://search.example.org/_all', 'names no index')])
def test_an_address_that_may_not_be_asked_is_not(address, said, notes):
    notes(address)
    answer = fastnbs('quokka')
    assert answer[0].section.heading=='Quokka' and said in repr(answer).splitlines()[-1] and 'horse' not in repr(answer)

@pytest.mark.parametrize('version,said', [({'number':'7.10.2'}, 'Elasticsearch 7.10.2'), ({'distribution':'opensearch', 'number':'1.3.0'}, 'opensearch 1.3.0'),
    ({'distribution':'\x1b[2Jx', 'number':'9'}, 'OpenSearch 2 or 3')])
def test_nothing_is_written_to_a_server_of_another_kind(version, said, tmp_path):
    (tmp_path/'notes').mkdir()
    with serving(say({'version':version})) as server:
        with pytest.raises(HubError, match='OpenSearch 2 or 3') as e: Crawler(f'{server.url}/notes', [tmp_path/'notes'], public=True)
        assert said in str(e.value) and '\x1b' not in str(e.value) and [path for path,_ in server.asked]==['/']

def test_settings_of_a_project_name_no_hub(notes, reader):
    "Nobody who clones a repository asks its author's server"
    with serving(status(500)) as server:
        notes('')
        (reader/'settings.ini').write_text(f'[fastdebug]\nhub = {server.url}/notes\n')
        assert fastnbs('quokka') and not server.asked

def test_a_section_that_cannot_be_read_costs_the_own_index_nothing(notes, monkeypatch):
    "What is broken in a hub is no reason to make one's own index anew"
    from fastdebug.core import IndexUnusable
    from fastdebug.library import Library
    own, discarded = Searcher.answer, []
    def answer(self, look, *args):
        if any('hub://' in o for o in look.config.roots): raise IndexUnusable('broken')
        return own(self, look, *args)
    monkeypatch.setattr(Searcher, 'answer', answer)
    monkeypatch.setattr(Searcher, 'join_hub', lambda self, look: look._replace(config=look.config.__class__(('hub://notes',), 'argument')))
    monkeypatch.setattr(Library, 'discard', lambda self: discarded.append(self))
    notes('https://search.example.org/notes')
    assert "gave a section that can't be read" in repr(fastnbs('quokka')).splitlines()[-1] and not discarded
