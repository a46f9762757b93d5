"What a model folder or a server holds is read within bounds, and nothing of it is kept that is not what it should be"
import json, os, zipfile

import pytest

from fastdebug.core import MeaningError
from fastdebug.encoder import Encoder, is_installed
from fastdebug.model import FILES, File, _put, fetch_model, find_model, find_way

class Endless:
    "A server that doesn't stop"
    def read(self, n): return bytes(n)

@pytest.mark.parametrize('file', [File('a.bin', 1_000_000), File('deep/a.bin', 5, '0'*64)])
def test_a_server_that_does_not_stop(tmp_path, file):
    with pytest.raises(MeaningError, match='is not what it should be'): _put(Endless(), tmp_path, file, None)
    assert not [o for o in tmp_path.rglob('*') if o.is_file()]

def fifo(path): os.mkfifo(path)
def device(path): path.symlink_to('/dev/zero')
def huge(path): path.write_text('{"pooling_mode_cls_token": true}' + ' '*2_000_000)
def deep(path): path.write_text('['*100_000)

@pytest.mark.parametrize('kind', [fifo, device, huge, deep])
@pytest.mark.parametrize('name', ['1_Pooling/config.json', 'config_sentence_transformers.json'])
def test_what_a_model_says_of_itself(tmp_path, kind, name):
    (tmp_path/name).parent.mkdir(exist_ok=True)
    kind(tmp_path/name)
    assert find_way(tmp_path, 'all-MiniLM-L6-v2').pooling=='mean'

def made(path, change=lambda data, at: None, **kw):
    "A zip with a file as large as the first that is looked for; `change` gets its bytes, and where its list of files begins"
    with zipfile.ZipFile(path, 'w', **kw) as z: z.writestr('a', bytes(FILES[0].size))
    change(data := bytearray(path.read_bytes()), data.rfind(b'PK\1\2'))
    path.write_bytes(data)

def closed(data, at): data[6] |= 1; data[at+8] |= 1 # with a password
def method(data, at): data[at+10] = 99
def sum_(data, at): data[at+16] ^= 1
def place(data, at): data[at+42] = 9
def shorter(data, at): data[40:60] = b''
def no_zip(data, at): data[:] = b'PK\5\6'+b'\xff'*18

@pytest.mark.parametrize('change', [closed, method, sum_, place, shorter, no_zip])
def test_a_zip_that_is_damaged_or_closed(tmp_path, change):
    made(tmp_path/'a.zip', change)
    with pytest.raises(MeaningError, match='a.zip'): fetch_model('', str(tmp_path/'cache'), tmp_path/'a.zip')
    assert not [*(tmp_path/'cache').rglob('*.onnx')] and not [*(tmp_path/'cache').rglob('*.part')]

def test_a_zip_of_many_files_of_the_right_size(tmp_path, monkeypatch):
    from fastdebug import model
    asked = []
    monkeypatch.setattr(model, '_is', lambda take, file: asked.append(file))
    with zipfile.ZipFile(tmp_path/'a.zip', 'w', zipfile.ZIP_DEFLATED) as z:
        for i in range(200): z.writestr(f'{i}', b'')
        for o in z.filelist: o.file_size = FILES[0].size # as the list of a zip may say
    with pytest.raises(MeaningError): fetch_model('', str(tmp_path/'cache'), tmp_path/'a.zip')
    assert 0<len(asked)<=20

@pytest.fixture
def toy(tmp_path):
    if not is_installed(): pytest.skip('needs the meaning extra')
    from toy import write_toy
    return write_toy(tmp_path/'minilm')

def test_a_tokenizer_that_fails_is_told(toy):
    said = json.loads(open(f'{toy}/tokenizer.json').read())
    said['model'].update(vocab={'gradient':1}, unk_token='[NONE]')
    open(f'{toy}/tokenizer.json', 'w').write(json.dumps(said))
    with pytest.raises(MeaningError, match='words alone answer'): Encoder(find_model(toy)).encode_question('tax')

@pytest.mark.parametrize('place', ['/etc/passwd', '../../../../../../etc/passwd', '/dev/zero', 'link'])
def test_a_network_that_keeps_its_numbers_elsewhere(toy, place):
    import onnx
    net = onnx.load(f'{toy}/model.onnx')
    table = net.graph.initializer[0]
    table.ClearField('raw_data')
    table.data_location = onnx.TensorProto.EXTERNAL
    for k,v in (('location', place), ('offset', '0')):
        said = table.external_data.add()
        said.key, said.value = k, v
    open(f'{toy}/model.onnx', 'wb').write(net.SerializeToString())
    os.symlink('/etc/passwd', f'{toy}/link')
    with pytest.raises(MeaningError, match='can not be loaded'): Encoder(find_model(toy)).encode_question('tax')
