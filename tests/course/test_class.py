"""A class server: who may log in, the account that each student gets, what holds on Kubernetes."""

import asyncio
import json
import os
import pwd
import re
import runpy
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
import yaml
from traitlets.config import PyFileConfigLoader
from write_facts import ROOT

pytest.importorskip("jupyterhub", reason="the extra named class is not installed")

import bcrypt
import students

from course_utils.lab import Copies

CODE, INSTRUCTORS_CODE, PASSWORD = "abcd-efgh", "wxyz-wxyz", "quite secret"
ACCOUNT = "student-test-ada"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes accounts")


# Logging in ---------------------------------------------------------------------------------------


@pytest.fixture
def log_in(tmp_path, monkeypatch):
    """Function that fills in the form; it returns the name, or else what is shown."""
    salt = bcrypt.gensalt(4)  # else each password takes a quarter of a second
    monkeypatch.setattr(bcrypt, "gensalt", lambda: salt)
    authenticator = students.ClassAuthenticator(
        dbm_path=str(tmp_path / "passwords"),
        code=CODE,
        instructors_code=INSTRUCTORS_CODE,
        admin_users={"ann"},
        username_pattern=students.NAMES,
        letters=20,
    )

    def log_in(name, password=PASSWORD, code=""):
        handler = SimpleNamespace(custom_login_error="the password is wrong")
        data = {"username": name, "password": password, "code": code}
        found = asyncio.run(authenticator.authenticate(handler, data))
        return found or handler.custom_login_error

    return log_in


@pytest.mark.parametrize("code", [CODE, f" {CODE} "])
def test_the_first_time_needs_the_code_and_later_ones_the_password(log_in, code):
    for wrong in ("", "abcd-efgi", "çode"):
        assert "class code" in log_in("ada", code=wrong)
    assert log_in("ada", code=code) == "ada"
    assert log_in("ada") == log_in("Ada") == "ada"
    assert log_in("ada", "another one") == "the password is wrong"
    assert log_in("ada", "another one", CODE) == "the password is wrong"


def test_a_full_disk_is_named_before_the_hub_fails(log_in, monkeypatch):
    monkeypatch.setattr(students, "HUB_NEEDS", 2**80)
    assert "disk of the class server is full" in log_in("ada", code=CODE)
    monkeypatch.undo()
    assert log_in("ada", code=CODE) == "ada"


def test_nobody_becomes_an_instructor_by_the_code_of_the_class(log_in):
    assert "class code" in log_in("ann", code=CODE)
    assert log_in("ann", code=INSTRUCTORS_CODE) == "ann"
    assert "class code" in log_in("ben", code=INSTRUCTORS_CODE)


@pytest.mark.parametrize("name", ["", "a b", "a,b", "../ann", "a/b", "é", "1st", "a" * 21, "$(id)"])
def test_names_that_no_account_can_have(log_in, name):
    assert "letters" in log_in(name, code=CODE)


def test_names_are_as_long_as_sockets_of_kernels_allow(monkeypatch):
    """A path of 107 letters, and none more; Linux itself says so."""
    monkeypatch.setattr(students, "ROOT", True)
    homes = f"/{'h' * 25}"  # which is not there
    name = "a" * students.longest_name(homes)
    assert 8 < len(name) < students.LETTERS
    for more, error in (("", FileNotFoundError), ("a", OSError)):
        path = f"{homes}/{students.PREFIX}{name}{more}{students.SOCKET}"
        with socket.socket(socket.AF_UNIX) as one, pytest.raises(error) as caught:
            one.bind(path)
        assert ("too long" in str(caught.value)) == bool(more)
    assert students.longest_name("/home") == students.LETTERS


@pytest.mark.parametrize("password", ["short", "é" * 37])
def test_passwords_too_short_and_too_long(log_in, password):
    assert re.search("letters|characters", log_in("ada", password, CODE))
    assert log_in("ada", code=CODE) == "ada"  # nothing was kept


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("MEMORY", "three", "number of GB"),
        ("MEMORY", "0", "above 0"),
        ("HOMES", f"/tmp/{'h' * 60}", "HOMES must be a shorter path"),
        ("IDLE", "2 h", "number of hours"),
        ("COURSE_BOARD", "no", "must be off"),
        ("INSTRUCTORS", "ann@school", "INSTRUCTORS must be names"),
        ("BIND", "lab-7", "such as https"),
        ("BIND", "http://:8000", "start it as root"),
        ("BIND", "https://127.0.0.1:8443", "CERT and KEY"),
        ("CERT", "class.crt", "CERT and KEY"),
    ],
)
def test_settings_that_are_wrong_are_named(setting, value, message, tmp_path, monkeypatch):
    """Before anything is made or started."""
    monkeypatch.setenv("CLASS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv(setting, value)
    monkeypatch.setattr(students, "ROOT", setting == "HOMES")
    with pytest.raises(SystemExit, match=message):
        runpy.run_path(str(ROOT / "class" / "jupyterhub_config.py"))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("offset", [0, 81])
def test_a_port_that_is_taken_is_named(tmp_path, monkeypatch, offset):
    """The one of the address, and the one at which the hub of a class that runs listens."""
    monkeypatch.setattr(students, "ROOT", False)
    monkeypatch.setenv("CLASS_DATA", str(tmp_path / "data"))
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        monkeypatch.setenv("BIND", f"http://127.0.0.1:{taken - offset}")
        with pytest.raises(SystemExit, match=f"listens at {taken}"):
            runpy.run_path(str(ROOT / "class" / "jupyterhub_config.py"))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["configurable-http-proxy", "another"])
def test_only_a_proxy_is_ended_for_an_old_one(tmp_path, name):
    """After a restart of the machine its number may be another program's."""
    command = [sys.executable, "-c", "import time; time.sleep(600)", name]
    process = subprocess.Popen(command)
    pid_file = tmp_path / "proxy.pid"
    try:
        pid_file.write_text(str(process.pid))
        students.end_old_proxy(pid_file)
        assert (process.poll() is None) == (name == "another")
        assert not pid_file.exists()
        students.end_old_proxy(pid_file)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def configured(tmp_path, monkeypatch):
    """Function that returns what the hub is told by these settings."""
    monkeypatch.setattr(students, "ROOT", False)
    monkeypatch.setattr(Copies, "lay_all", lambda self: None)

    def configured(**settings):
        own = {"CLASS_DATA": str(tmp_path / "data"), "BIND": "http://127.0.0.1:9"}  # a free port
        for name, value in {**own, **settings}.items():
            monkeypatch.setenv(name, value)
        return PyFileConfigLoader("jupyterhub_config.py", str(ROOT / "class")).load_config()

    return configured


def test_a_class_has_a_board_unless_it_is_turned_off(configured):
    config = configured()
    (board,) = config.JupyterHub.services
    assert config.Spawner.environment["COURSE_BOARD"] == f"{board['url']}/services/board"
    config = configured(COURSE_BOARD="Off")
    assert "services" not in config.JupyterHub
    assert config.Spawner.environment["COURSE_BOARD"] == "off"
    assert "board" not in str(config.JupyterHub.load_roles)


def test_a_certificate_that_is_none_is_named(configured, tmp_path):
    (tmp_path / "a").write_text("no certificate")
    for name in ("a", "absent"):
        files = {"CERT": str(tmp_path / name), "KEY": str(tmp_path / "a")}
        with pytest.raises(SystemExit, match="must be a certificate and its key"):
            configured(BIND="https://127.0.0.1:9", **files)


def test_the_proxy_needs_no_terminal(configured, tmp_path):
    *into_file, _ = configured().ConfigurableHTTPProxy.command
    done = subprocess.run([*into_file, "echo", "two words"], check=True, capture_output=True)
    assert done.stdout == done.stderr == b""
    assert (tmp_path / "data" / "hub" / "proxy.log").read_text() == "two words\n"


def test_kernels_terminals_and_servers_end_when_they_are_idle(configured):
    arguments = " ".join(configured(IDLE="0.05").Spawner.args)
    limits = ("cull_idle_timeout", "cull_inactive_timeout", "shutdown_no_activity_timeout")
    assert all(f"{limit}=180" in arguments for limit in limits)
    assert arguments.count("cull_interval=180") == 2
    assert " ".join(configured(IDLE="2").Spawner.args).count("cull_interval=300") == 2


# Accounts -----------------------------------------------------------------------------------------


@pytest.fixture
def homes(tmp_path):
    yield tmp_path
    subprocess.run(["userdel", ACCOUNT], stderr=subprocess.DEVNULL)


@needs_root
def test_an_account_has_a_home_that_nobody_else_enters(homes):
    made = students.make_account(ACCOUNT, homes)
    home = homes / ACCOUNT
    status = home.stat()
    assert (status.st_uid, status.st_mode & 0o777) == (made.pw_uid, 0o700)
    (home / "work").touch()
    assert students.make_account(ACCOUNT, homes) == made
    assert (home / "work").exists()


@needs_root
def test_a_home_gets_its_account_again(homes):
    """In a new container accounts are gone, and the homes are there."""
    (homes / ACCOUNT).mkdir(mode=0o700)
    os.chown(homes / ACCOUNT, 54321, 54321)
    students.restore_accounts(homes)
    assert pwd.getpwnam(ACCOUNT).pw_uid == (homes / ACCOUNT).stat().st_uid == 54321


@needs_root
def test_a_python_that_students_cannot_run_is_named(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    (tmp_path / "python").symlink_to("/bin/true")
    monkeypatch.setattr(students.sys, "executable", str(tmp_path / "python"))
    with pytest.raises(SystemExit, match="make class PYTHON="):
        students.check_python()


@needs_root
def test_a_home_is_never_given_to_an_account_that_exists(homes):
    (homes / ACCOUNT).mkdir(mode=0o700)  # root's
    with pytest.raises(subprocess.CalledProcessError):
        students.make_account(ACCOUNT, homes)


# On Kubernetes ------------------------------------------------------------------------------------


def test_values_say_the_same_as_the_hub_of_one_machine():
    values = yaml.safe_load((ROOT / "class" / "values.yaml").read_text())
    text = (ROOT / "class" / "jupyterhub_config.py").read_text()
    hub = values["hub"]
    (board,) = hub["extraContainers"]
    assert (ROOT / board["command"][1].removeprefix("/home/jovyan/")).parent.name == "class"
    scopes = hub["loadRoles"]["board"]["scopes"] + hub["config"]["Spawner"]["server_token_scopes"]
    assert all(f'"{scope}"' in text for scope in scopes)
    port = hub["services"]["board"]["url"].rpartition(":")[2]
    places = (hub["service"], hub["networkPolicy"], values["singleuser"]["networkPolicy"], board)
    assert all(port in json.dumps(place) for place in places)


def test_the_lock_of_the_proxy_names_no_host():
    assert "resolved" not in (ROOT / "class" / "package-lock.json").read_text()


@pytest.mark.parametrize("port", [80, 443, 8000, 65535])
def test_no_student_can_listen_where_the_hub_does(monkeypatch, port):
    """At these ports the hub and the board are told students' tokens."""
    monkeypatch.setattr(students, "ROOT", True)
    places = {students.inner_port(port) + offset for offset in (1, 2, 81)}
    assert max(places) < 1024
    assert min(places) > 100
    assert port not in places
    monkeypatch.setattr(students, "ROOT", False)
    assert students.inner_port(port) == port
