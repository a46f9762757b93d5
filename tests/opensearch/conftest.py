"""What the tests on a real OpenSearch share: one node with its security plugin, hubs of their own on it, and people who may ask.

No time-out here is a measure of speed: a question waits for the node as long as a busy machine needs."""
import itertools, json
import pytest
import launch
from people import PASSWORD
from fastdebug import joint
from fastdebug.address import parse_address
from fastdebug.hub import Hub

@pytest.fixture(scope='session')
def engine(tmp_path_factory):
    "One node, as secure as a team's would be"
    if why := launch.why_not(): pytest.skip(why)
    with launch.Cluster(tmp_path_factory.mktemp('opensearch')/'nodes', secure=True) as c: yield c

@pytest.fixture(autouse=True)
def administrator(request, monkeypatch):
    "The test's own login is the administrator's, and nobody is in a hurry"
    if 'engine' not in request.fixturenames: return
    c = request.getfixturevalue('engine')
    monkeypatch.setenv('FASTDEBUG_HUB_AUTH', ':'.join(c.auth))
    monkeypatch.setenv('FASTDEBUG_HUB_CA', str(c.ca))
    monkeypatch.setattr(joint, 'WAIT', 120.)
    monkeypatch.setattr('fastdebug.utils._searchers', {})

_numbers = itertools.count()

@pytest.fixture
def address(engine, tmp_path, monkeypatch):
    "The address of a hub that is not there yet, which the settings of whoever asks name as theirs"
    url, name = engine.urls[0], f'notes{next(_numbers)}'
    settings = tmp_path/'own.ini'
    settings.write_text(f'[fastdebug]\nmeaning = no\nhub = {url}/{name}\n')
    monkeypatch.setenv('FASTDEBUG_SETTINGS', str(settings))
    yield f'{url}/{name}'
    for i in (1, 2): engine.ask(f'{name}-{i}?ignore_unavailable=true', method='DELETE')

@pytest.fixture
def login(engine, address, monkeypatch):
    "A function: be that person, who belongs to these groups and may read the hub as its role allows"
    admin, index = Hub(parse_address(address), own=True), parse_address(address).index
    def put(path, body): engine.ask(f'_plugins/_security/api/{path}', method='PUT', body=json.dumps(body), seconds=120)
    people = {}
    def login(name, *groups):
        if name not in people:
            admin.put_roles()
            people[name] = groups
            put(f'internalusers/{name}', dict(password=PASSWORD, backend_roles=list(groups)))
            put(f'rolesmapping/{index}-reader', dict(users=list(people)))
        monkeypatch.setenv('FASTDEBUG_HUB_AUTH', f'{name}:{PASSWORD}')
        monkeypatch.setattr('fastdebug.utils._searchers', {})
    return login
