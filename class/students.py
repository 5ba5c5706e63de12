"""Who may log in to a class server, and where each student works: jupyterhub_config.py uses it."""

import asyncio
import contextlib
import dbm
import os
import pwd
import resource
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
from firstuseauthenticator import FirstUseAuthenticator
from jupyterhub.spawner import LocalProcessSpawner, set_user_setuid
from jupyterhub.utils import can_connect
from tornado import web
from traitlets import Integer, Unicode

PREFIX = "student-"  # of Unix accounts, so that no name can be that of another account
LETTERS = 24  # of a name; with the prefix, as long as an account's name may be
NAMES = rf"^[a-z][a-z0-9_-]{{0,{LETTERS - 1}}}$"
# A kernel's socket in a home: Linux takes paths of 107 letters.
SOCKET = "/.run/kernel-01234567-89ab-cdef-0123-456789abcdef-ipc-5"
BCRYPT = 72  # bytes of a password that count
HUB_NEEDS = 20 * 2**20  # bytes of disk, to note who has logged in
ROOT = os.geteuid() == 0


def inner_port(port):
    """First of the ports that this machine alone reaches, for a class at `port`.

    Below 1024 none but root can listen: when the hub or the board has ended, no student can take
    its place and be told the tokens of others.
    """
    return 100 + port % 800 if ROOT else port


def check_ports():
    """Say so if others than root can listen at these ports, as in many containers."""
    first = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if first.exists() and int(first.read_text()) < 1024:
        print(
            "Here all accounts can listen at any port: when the hub has ended, a student could "
            "take its place. To close this: sysctl net.ipv4.ip_unprivileged_port_start=1024"
        )


def check_free(host, port):
    """End the program if somebody listens at a port that the class needs."""
    if can_connect(host, port):
        sys.exit(
            f"BIND must name a port that is free, such as BIND=http://:8001: a class that runs "
            f"already, or another program, listens at {port}"
        )


def end_old_proxy(pid_file):
    """End the proxy of a hub that has ended.

    JupyterHub would end whatever has its number, which after a restart of the machine may be
    another program's, and give up if that takes more than three seconds.
    """
    with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess):
        proxy = psutil.Process(int(pid_file.read_text()))
        if any("configurable-http-proxy" in part for part in proxy.cmdline()):
            proxy.kill()
            psutil.wait_procs([proxy], 5)
    pid_file.unlink(missing_ok=True)


def longest_name(homes):
    """How many letters a name may have, so that sockets of its kernels fit into the home."""
    return min(LETTERS, 107 - len(os.fsencode(f"{homes}/{PREFIX}{SOCKET}"))) if ROOT else LETTERS


FULL = (
    "The disk of the class server is full: {} MB are left. Tell your teacher. What you have saved "
    "is not lost, and opens when there is room again."
)


# Logging in ---------------------------------------------------------------------------------------


class ClassAuthenticator(FirstUseAuthenticator):
    """A name and a password of your own choice at first use, with the code of the class.

    Names of instructors, which are `admin_users`, want a code of their own: else the first student
    who takes such a name would be an instructor.
    """

    code = Unicode(config=True, help="what students need to log in for the first time")
    instructors_code = Unicode(config=True, help="what instructors need for that")
    letters = Integer(LETTERS, config=True, help="that a name may have")

    async def authenticate(self, handler, data):
        name = self.normalize_username(data["username"])
        refusal = self._refusal(name, data["password"], data.get("code", "").strip())
        if refusal:
            handler.custom_login_error = refusal
            return None
        return await super().authenticate(handler, data)

    def _refusal(self, name, password, code):
        """Why these may not log in; None if only the password is to be compared."""
        free = shutil.disk_usage(Path(self.dbm_path).parent).free
        if free < HUB_NEEDS:
            return FULL.format(free // 2**20)
        if not self.validate_username(name) or len(name) > self.letters:
            return (
                f"A name has 1 to {self.letters} small letters (a to z), digits, - and _, and "
                f"begins with a letter, such as ada or ada-l. You wrote: {name[:40]}"
            )
        if len(password.encode()) > BCRYPT:
            return f"A password has at most {BCRYPT} letters."
        with dbm.open(self.dbm_path, "c", 0o600) as known:
            if name.encode() in known:
                return None
        wanted = self.instructors_code if name in self.admin_users else self.code
        if not secrets.compare_digest(code.encode(), wanted.encode()):
            return (
                f"Nobody called {name} has logged in here before. If this is your first time, "
                "ask your teacher for the class code; else look at how your name is spelt."
            )
        return None


# Accounts -----------------------------------------------------------------------------------------


def check_python():
    """End the program if the accounts of students cannot run this Python with the course."""
    command = [sys.executable, "-c", "import course_utils.lab, exercises, jupyterhub"]
    nobody = pwd.getpwnam("nobody")
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    try:
        subprocess.run(command, **who, cwd="/", check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(
            f"Accounts of students cannot run {sys.executable} with the course: {error}\n"
            "Put the course where everybody may read, such as /srv/course, and take a Python "
            "that everybody may run, such as: make class PYTHON=/usr/bin/python3"
        )


def make_account(account, homes):
    """Make a Unix account with a home that nobody else may enter; one that exists stays."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(account)
    home = homes / account
    command = ["useradd", "--no-create-home", "--user-group", "--shell", "/bin/bash"]
    if home.exists():  # its account has gone with an older container
        command += ["--uid", str(home.stat().st_uid)]
    subprocess.run([*command, "--home-dir", str(home), account], check=True)
    made = pwd.getpwnam(account)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(home, made.pw_uid, made.pw_gid)
    return made


def restore_accounts(homes):
    """Give each home its account again, before somebody new gets the number of its owner."""
    for home in sorted(homes.glob(f"{PREFIX}*")):
        make_account(home.name, homes)


# Servers ------------------------------------------------------------------------------------------


ENDED = "Your server has ended at once, with status {}. Tell your teacher: the hub's log says why."


class NoServer(web.HTTPError):
    """A server does not start; all pages of the hub show the message to the student."""

    def __init__(self, message):
        super().__init__(503, message)
        self.jupyterhub_message = message


class StudentSpawner(LocalProcessSpawner):
    """Start each student's server in a Unix account of its own, within limits, a few at a time.

    Where the hub is not run by root there is but one account, and everybody has a folder.
    """

    homes = Unicode(config=True, help="the folder of the homes")
    memory = Integer(3 * 2**30, config=True, help="bytes that one process may ask for")
    cpu_seconds = Integer(4 * 3600, config=True, help="that one process may compute")
    file_bytes = Integer(2**30, config=True, help="that one file may hold")
    processes = Integer(512, config=True, help="and threads that one student may have")
    spare_disk = Integer(200 * 2**20, config=True, help="bytes below which no server starts")
    # All at once, the first server would be ready when the last one is.
    turns = asyncio.Semaphore(2 * os.cpu_count())
    accounts = asyncio.Lock()

    @property
    def account(self):
        return PREFIX + self.user.name

    @property
    def home(self):
        return Path(pwd.getpwnam(self.account).pw_dir if ROOT else f"{self.homes}/{self.user.name}")

    def user_env(self, env):
        return env | {"USER": self.account, "HOME": str(self.home), "SHELL": "/bin/bash"}

    def make_preexec_fn(self, name):
        become = set_user_setuid(self.account) if ROOT else lambda: os.chdir(self.home)
        limits = {
            resource.RLIMIT_DATA: self.memory,
            resource.RLIMIT_CPU: self.cpu_seconds,
            resource.RLIMIT_FSIZE: self.file_bytes,
            resource.RLIMIT_CORE: 0,
        }
        if ROOT:  # which is counted for the whole account
            limits[resource.RLIMIT_NPROC] = self.processes

        def preexec():
            os.umask(0o077)
            for limit, value in limits.items():
                resource.setrlimit(limit, (value, value))
            with contextlib.suppress(OSError):  # where memory is short, Linux spares the hub
                Path("/proc/self/oom_score_adj").write_text("500")
            become()

        return preexec

    async def start(self):
        free = shutil.disk_usage(self.homes).free
        if free < self.spare_disk:
            raise NoServer(FULL.format(free // 2**20))
        if ROOT:
            async with self.accounts:
                await asyncio.to_thread(make_account, self.account, Path(self.homes))
        else:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        async with self.turns:
            ip, port = await super().start()
            while not can_connect(ip, port):
                if (status := await self.poll()) is not None:
                    raise NoServer(ENDED.format(status))
                await asyncio.sleep(0.2)
        return ip, port
