"""The course for a class, on JupyterHub: ``make class`` starts it, docs/class.md is its guide.

Settings, which follow `make class` or stand in the environment:

INSTRUCTORS="ann ben"  names that see the class by name, and may stop servers and reset passwords
BIND=https://:443      the address; by default http://:8000, without root only of this machine
CERT=… KEY=…           files for https
HOMES=/home            where students' homes are made
CLASS_DATA=data/class  where the hub keeps what it knows, and the board what is handed in
MEMORY=3               GB that one process of a student may ask for
IDLE=2                 hours after which a kernel ends that does nothing, and then a server
COURSE_BOARD=off       no board, and no handing in
BOARD_DATABASE=…       URL of a database for the verdicts, as SQLAlchemy writes it
"""

import os
import re
import secrets
import shutil
import socket
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit

COURSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(COURSE / "class"))

from students import (  # noqa: E402
    NAMES,
    ROOT,
    ClassAuthenticator,
    StudentSpawner,
    check_free,
    check_ports,
    check_python,
    end_old_proxy,
    inner_port,
    longest_name,
    restore_accounts,
)

from course_utils._files import data_root, write_atomically  # noqa: E402
from course_utils.lab import FOLDER, Copies  # noqa: E402

ALONE = (
    "without root all students share your account, and could read each other's work. "
    "That is for one person trying it; for a class, start it as root."
)


def setting(name, default):
    return os.environ.get(name) or default


def number(name, default, unit):
    """A setting that is a number above 0, such as 3 or 0.5."""
    text = str(setting(name, default))
    if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) == 0:
        sys.exit(f"{name} must be a number of {unit} above 0, such as {default}, not {text!r}")
    return float(text)


def kept(name, make):
    """The content of a file in the hub's own folder, made at the first start."""
    path = hub / name
    if not path.exists():
        write_atomically(path, make().encode())
    return path.read_text()


def new_code():
    """A code to be read from a blackboard: no letter looks like another."""
    return "-".join("".join(secrets.choice("abcdefhkmnprstwxyz") for _ in range(4)) for _ in "12")


# Settings -----------------------------------------------------------------------------------------

bind = setting("BIND", "http://:8000" if ROOT else "http://127.0.0.1:8000")
address = urlsplit(bind)
if address.scheme not in ("http", "https"):
    sys.exit(f"BIND must be an address such as https://:443, not {bind}")
if not ROOT and address.hostname not in ("127.0.0.1", "localhost", "::1"):
    sys.exit(f"BIND must be an address of this machine only (127.0.0.1), not {bind}: {ALONE}")
cert, key = setting("CERT", ""), setting("KEY", "")
if (address.scheme == "https") != bool(cert and key):
    sys.exit("CERT and KEY must name the files for https, and BIND must then begin with https://")
if cert:
    try:
        ssl.create_default_context().load_cert_chain(cert, key)
    except OSError as error:  # ssl's own are such, too
        sys.exit(f"CERT and KEY must be a certificate and its key, not {cert} and {key}: {error}")
port = address.port or {"http": 80, "https": 443}[address.scheme]
inner = inner_port(port)  # the first of those that this machine alone reaches
instructors = setting("INSTRUCTORS", "").lower().replace(",", " ").split()
for name in instructors:
    if not re.match(NAMES, name):
        sys.exit(f'INSTRUCTORS must be names such as "ann ben", of a-z, 0-9, - and _, not {name!r}')
memory = int(number("MEMORY", 3, "GB") * 2**30)
idle = int(number("IDLE", 2, "hours") * 3600)  # seconds
if (board_is := setting("COURSE_BOARD", "on").lower()) not in ("on", "off"):
    sys.exit(f"COURSE_BOARD must be off, or not set, not {board_is!r}")

# Folders ------------------------------------------------------------------------------------------

os.umask(0o022)
data = Path(setting("CLASS_DATA", COURSE / "data" / "class")).absolute()
hub, board, model = data / "hub", data / "board", data / "model"
homes = Path(setting("HOMES", "/home" if ROOT else data / "homes")).absolute()
if (letters := longest_name(homes)) < 8:
    sys.exit(
        f"HOMES must be a shorter path, such as /home: sockets of kernels fit not into {homes}"
    )
check_free("127.0.0.1", inner + 81)  # a class that runs already is not disturbed
end_old_proxy(hub / "proxy.pid")
check_free(address.hostname or "127.0.0.1", port)
for folder, mode in [(data, 0o711), (hub, 0o700), (board, 0o700), (model, 0o755), (homes, 0o755)]:
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
if ROOT:
    check_python()
    check_ports()
    restore_accounts(homes)

# Copies that students' servers start from: made once, and not by thirty servers at a time.
Copies(COURSE, model).lay_all()
for path in (model / FOLDER).rglob("*"):  # for all to read; its secret keeps nobody out of anything
    path.chmod(0o755 if path.is_dir() else 0o644)
for name, place in [("images", COURSE / "images"), ("data", data_root(None))]:
    (model / name).unlink(missing_ok=True)
    (model / name).symlink_to(place)

# The hub and its proxy ----------------------------------------------------------------------------

c = get_config()  # noqa: F821
c.JupyterHub.log_level = "WARN"
c.JupyterHub.template_paths = [str(COURSE / "class" / "templates")]
c.JupyterHub.db_url = f"sqlite:///{hub}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(hub / "cookie_secret")
c.JupyterHub.bind_url = bind
c.JupyterHub.hub_port = inner + 81
c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = cert, key
# When the hub ends, or is killed, students go on working; the next hub takes them up.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cleanup_proxy = False
proxy = shutil.which("configurable-http-proxy", path=str(COURSE / "class/node_modules/.bin"))
# It outlives the hub, and would end, or hang, when it writes to a terminal that has been closed.
into_file = ["sh", "-c", 'exec "$@" > "$0" 2>&1', str(hub / "proxy.log")]
c.ConfigurableHTTPProxy.command = [*into_file, proxy or "configurable-http-proxy"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{inner + 1}"
c.ConfigurableHTTPProxy.auth_token = kept("proxy_token", secrets.token_hex)
c.ConfigurableHTTPProxy.pid_file = str(hub / "proxy.pid")
c.ConfigurableHTTPProxy.log_level = "warn"

# Who ----------------------------------------------------------------------------------------------

c.JupyterHub.authenticator_class = ClassAuthenticator
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = NAMES
c.Authenticator.admin_users = set(instructors)
c.JupyterHub.load_groups = {"instructors": {"users": instructors}}
c.FirstUseAuthenticator.dbm_path = str(hub / "passwords")
c.ClassAuthenticator.code = kept("code", new_code)
c.ClassAuthenticator.letters = letters
c.ClassAuthenticator.instructors_code = kept("instructors_code", new_code)

# Students' servers --------------------------------------------------------------------------------

c.JupyterHub.spawner_class = StudentSpawner
c.StudentSpawner.homes = str(homes)
c.StudentSpawner.memory = memory
c.Spawner.cmd = [sys.executable, "-P", "-m", "course_utils.lab"]
c.Spawner.args = [
    "lab",
    "--home=course",
    f"--model={model}",
    # By TCP, everybody on this machine could listen to what a kernel shows.
    f"--KernelManager.transport={'ipc' if ROOT else 'tcp'}",
    f"--MappingKernelManager.cull_idle_timeout={idle}",
    f"--MappingKernelManager.cull_interval={min(idle, 300)}",
    "--MappingKernelManager.cull_connected=True",
    f"--TerminalManager.cull_inactive_timeout={idle}",  # else a terminal keeps a server for ever
    f"--TerminalManager.cull_interval={min(idle, 300)}",
    f"--ServerApp.shutdown_no_activity_timeout={idle}",
    "--LabApp.extension_manager=readonly",
    "--ServerApp.jpserver_extensions=jupyter_lsp=False",  # runs npm, and finds no language server
    "--Application.log_level=ERROR",
]
c.Spawner.start_timeout = 300  # those before you included
c.Spawner.http_timeout = 120
c.Spawner.poll_interval = 5  # seconds until it is noticed that a server has ended
c.Spawner.environment = {
    "OMP_NUM_THREADS": "1",  # cores are shared by many
    "JUPYTER_RUNTIME_DIR": lambda spawner: str(spawner.home / ".run"),  # names of sockets are short
}

# The board ----------------------------------------------------------------------------------------

direct = f"http://127.0.0.1:{inner + 2}"  # kernels need no proxy to reach it
on_board = "access:services!service=board"
service = {
    "name": "board",
    "url": direct,
    # The board ends with the hub, even if that is killed: the next hub starts another.
    "command": [
        *(["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []),
        sys.executable,
        str(COURSE / "class" / "board.py"),
    ],
    "environment": {
        "BOARD_DATA": str(board),
        "BOARD_DATABASE": setting("BOARD_DATABASE", ""),
        "BOARD_INSTRUCTORS": "instructors",
    },
    "oauth_no_confirm": True,
    "timeout": 120,  # seconds until it counts as broken; a busy machine is slow
}
if board_is == "on":
    c.Spawner.environment["COURSE_BOARD"] = f"{direct}/services/board"
    c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", on_board]
    c.JupyterHub.services = [service]
    c.JupyterHub.load_roles = [
        {"name": "user", "scopes": ["self", on_board]},
        {
            "name": "board",
            "scopes": ["read:users:name", "read:users:groups"],
            "services": ["board"],
        },
    ]
else:
    c.Spawner.environment["COURSE_BOARD"] = "off"
    c.JupyterHub.load_roles = [{"name": "user", "scopes": ["self"]}]  # the next start may have one

host = address.hostname or socket.gethostname()
print(
    f"In a few seconds the class is at {address.scheme}://{host}:{port}",
    f"Students log in for the first time with the class code {c.ClassAuthenticator.code}",
    f"Instructors ({', '.join(instructors) or 'none: make class INSTRUCTORS=your-name'}) with "
    f"{c.ClassAuthenticator.instructors_code}",
    sep="\n",
)
if not ROOT:
    print(f"Only this machine is let in: {ALONE}")
