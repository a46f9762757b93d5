"What a model folder or a server holds is read within bounds, and nothing of it is kept that is not what it should be"
import os

import pytest

from fastdebug.core import MeaningError
from fastdebug.model import File, _put, find_way

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
