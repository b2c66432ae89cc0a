import socket

import pytest

from embedded.errors import EmbeddedError
from embedded.ports import HOST, free_port, require_free


def test_a_free_port_can_be_listened_on():
    port = free_port()
    require_free(port, "the intake API")
    socket.create_server((HOST, port)).close()


def test_a_port_in_use_is_refused_in_one_sentence_that_names_port_and_purpose():
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedError, match=f"^Port {port} on {HOST}, wanted for the intake API, is in use"):
            require_free(port, "the intake API")
