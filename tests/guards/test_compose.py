import re

import pytest

from photogate.jobs.names import Queue
from photogate.settings import Settings
from tests.guards.tree import ROOT, compose_services

PINNED = re.compile(r"^[a-z0-9./-]+:\d+\.\d+[a-z0-9.-]*(@sha256:[0-9a-f]{64})?$")
SERVICES = compose_services()


def test_every_image_is_pinned_by_an_exact_tag():
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    stages = set(re.findall(r"^FROM .* AS (\S+)$", dockerfile, re.MULTILINE))
    images = {service["image"] for service in SERVICES.values()}
    images |= set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) - stages
    assert {image for image in images if not PINNED.match(image)} == set()


def test_every_queue_is_consumed_by_a_service_that_always_runs():
    consumed = {
        queue
        for service in SERVICES.values()
        if "--queues" in service.get("command", []) and "profiles" not in service
        for queue in service["command"][service["command"].index("--queues") + 1].split(",")
    }
    assert consumed == {queue.value for queue in Queue}


def test_every_photogate_variable_of_a_service_is_a_setting():
    known = {f"PHOTOGATE_{name.upper()}" for name in Settings.model_fields}
    used = {name for service in SERVICES.values() for name in service.get("environment", {}) if "PHOTOGATE" in name}
    assert used
    assert used - known == set()


def test_the_example_environment_names_every_variable_that_the_services_need():
    needed = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    named = set(re.findall(r"^(\w+)=", (ROOT / "deploy/photogate.env.example").read_text(), re.MULTILINE))
    assert named == needed


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_runs_as_a_plain_user_on_a_read_only_root(name):
    service = SERVICES[name]
    assert service["user"] not in {"root", "0", "0:0"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_only_the_migrations_have_the_owner_role():
    owners = {
        name for name, service in SERVICES.items() if "PHOTOGATE_OWNER_DATABASE_URL" in service.get("environment", {})
    }
    assert owners == {"migrations"}


def test_no_port_is_open_beyond_this_machine():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if service["restart"] != "no"])
def test_every_service_that_keeps_running_has_a_healthcheck(name):
    assert SERVICES[name]["healthcheck"]["test"]
