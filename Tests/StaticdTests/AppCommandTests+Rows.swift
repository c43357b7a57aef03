/// Command lines with launchers, their own variables, directories and combined short options.
extension AppCommandTests {
  /// Launchers after which the server follows: arguments are inserted after its name.
  static let launchers: [Row] = [
    "uv run --with gunicorn gunicorn a:b",
    "uv run --with gunicorn --project /srv/gunicorn gunicorn a:b",
    "uv run --with=gunicorn -q gunicorn a:b", "uv --directory /srv run -m gunicorn a:b",
    "uv run -p3.13 gunicorn a:b", "uv tool run --from gunicorn gunicorn a:b",
    "uvx --from gunicorn gunicorn a:b", "gosu gunicorn gunicorn a:b", "su-exec uwsgi gunicorn a:b",
    "setuidgid gunicorn gunicorn a:b", "chpst -u gunicorn:gunicorn gunicorn a:b",
    "sudo -u gunicorn -E gunicorn a:b", "chroot --userspec=1:1 /gunicorn gunicorn a:b",
    "env -u gunicorn A=b gunicorn a:b", "nice -n 5 gunicorn a:b", "nice -n5 gunicorn a:b",
    "timeout -k 5 10 gunicorn a:b", "taskset -c 0-1 gunicorn a:b", "stdbuf -oL gunicorn a:b",
    "tini -sg -- gunicorn a:b", "dumb-init --rewrite 15:3 gunicorn a:b",
    "wait-for-it.sh gunicorn:80 -t 9 -- gunicorn a:b",
    "doppler run --project gunicorn -- gunicorn a:b",
    "conda run -n gunicorn --live-stream gunicorn a:b", "poetry -C gunicorn run gunicorn a:b",
    "ddtrace-run gunicorn a:b", "opentelemetry-instrument --service_name gunicorn gunicorn a:b",
    "coverage run -m gunicorn a:b", "python -m coverage run --source gunicorn -m gunicorn a:b",
    "python -um gunicorn a:b", "python -mgunicorn a:b", "python -W gunicorn -m gunicorn a:b",
    "python /venv/bin/gunicorn a:b", "nohup env -C /srv nice gunicorn a:b",
    "uv run --unknown x -- gunicorn a:b", "sh -c {exec \"$@\"} sh gunicorn a:b",
  ].map { line in
    Row(line, at: socket, started: "\(line.dropLast(3))\(gunicornSocket) a:b")
  }

  /// The program is uncertain or unknown: the command line is unchanged, and variables give the
  /// address.
  static let uncertain: [Row] =
    [
      "make gunicorn", "make -C gunicorn uvicorn", "./gunicorn-wrapper gunicorn a:b",
      "uv run --project /srv/gunicorn python main.py", "uv run --unknown gunicorn gunicorn a:b",
      "gosu gunicorn python main.py", "su gunicorn", "pip install gunicorn",
      "python main.py gunicorn", "python -c gunicorn gunicorn", "./entrypoint.sh gunicorn a:b",
      "docker run gunicorn", "sh -c {pip install gunicorn && python main.py}",
      "sh -c {cd gunicorn && node uvicorn}", "sh -c {echo $0 $*} daphne a:b",
      // An option without its value.
      "uv --directory", "uv run --with", "poetry -C", "sh -c {uv -i}", "timeout -k", "env -C",
    ].map { line in
      Row(
        line,
        at: port,
        variables: [
          "PORT": "41000", "GUNICORN_CMD_ARGS": "--bind \(port)", "UVICORN_PORT": "41000",
          "UVICORN_UDS": nil,
        ]
      )
    } + [
      // Words after a server's name are parsed as its options, but not changed.
      Row("./entrypoint.sh gunicorn --bind 0.0.0.0:8001 a:b", at: "127.0.0.1:8001"),
      Row("make gunicorn uvicorn --uds /x", at: "unix:/x"),
      Row("./entrypoint.sh gunicorn --bind fd://3 a:b", at: port),
    ]

  /// Variables set by the command line itself override ours.
  static let assigned: [Row] = [
    Row("sh -c {GUNICORN_CMD_ARGS=\"--bind 0.0.0.0:8001\" gunicorn a:b}", at: "127.0.0.1:8001"),
    Row(
      "sh -c {export GUNICORN_CMD_ARGS='--bind 127.0.0.1:8001'; exec gunicorn a:b}",
      at: "127.0.0.1:8001"
    ),
    Row("sh -c {GUNICORN_CMD_ARGS=-b:8001 gunicorn -b :8002 a:b}", at: "127.0.0.1:8002"),
    // It listens at PORT by default.
    Row(
      "sh -c {GUNICORN_CMD_ARGS=--workers=3 gunicorn a:b}",
      at: port,
      variables: ["PORT": "41000"]
    ),
    Row(
      "sh -c {GUNICORN_CMD_ARGS=\"-w 3 $GUNICORN_CMD_ARGS\" gunicorn a:b}",
      at: socket,
      variables: ["GUNICORN_CMD_ARGS": gunicornSocket]
    ),
    Row("env UVICORN_UDS=/x/u.sock uvicorn a:b", at: "unix:/x/u.sock"),
    Row("env UVICORN_PORT=8001 uvicorn a:b", at: socket),
    Row("sh -c {UVICORN_UDS=u.sock uvicorn a:b}", at: "unix:u.sock"),
    Row("env GRANIAN_PORT=8001 granian a:b", at: "127.0.0.1:8001"),
    Row("env GRANIAN_HOST=127.0.0.2 granian --port 8001 a:b", at: "127.0.0.2:8001"),
    Row("env GRANIAN_PORT=8002 granian --port 8001 a:b", at: "127.0.0.1:8001"),
    Row("env FLASK_RUN_PORT=8001 flask run", at: "127.0.0.1:8001"),
    Row("env UWSGI_HTTP_SOCKET=:8001 uwsgi --module a", at: "127.0.0.1:8001"),
    Row("env PORT=8001 python main.py", at: "127.0.0.1:8001"),
    Row("sh -c {PORT=8001 node server.js}", at: "127.0.0.1:8001"),
    Row("env PORT=8001 puma", at: "127.0.0.1:8001"),
    Row(
      "env PORT=8001 gunicorn a:b",
      at: socket,
      started: "env PORT=8001 gunicorn \(gunicornSocket) a:b"
    ),
  ]

  /// A relative path of a Unix socket, and the working directory of the app.
  static let directories: [Row] = [
    Row("gunicorn -b unix:g.sock --chdir /srv a:b", at: "unix:/srv/g.sock"),
    Row("gunicorn -b unix:/x.sock --chdir /srv a:b", at: "unix:/x.sock"),
    Row("gunicorn -b unix:g.sock --chdir=srv a:b", at: "unix:srv/g.sock"),
    Row("env -C /srv gunicorn -b unix:g.sock --chdir a a:b", at: "unix:/srv/a/g.sock"),
    Row("env -C /srv uvicorn --uds u.sock a:b", at: "unix:/srv/u.sock"),
    Row("uv run --directory=/srv uvicorn --uds u.sock a:b", at: "unix:/srv/u.sock"),
    Row("sh -c {cd /srv && gunicorn -b unix:g.sock a:b}", at: "unix:/srv/g.sock"),
    Row("granian --working-dir /srv --uds u.sock a:b", at: "unix:/srv/u.sock"),
    Row("uvicorn --app-dir /srv --uds u.sock a:b", at: "unix:u.sock"),
  ]

  /// Several short options in one word.
  static let clusters: [Row] = [
    Row("gunicorn -Rb 0.0.0.0:8001 a:b", at: "127.0.0.1:8001"),
    Row("gunicorn -Rb0.0.0.0:8001 a:b", at: "127.0.0.1:8001"),
    Row("gunicorn -Rw2 -b :8001 a:b", at: "127.0.0.1:8001"),
    // `c` takes the rest of the word as its value.
    Row("gunicorn -cb a:b", at: socket, started: "gunicorn \(gunicornSocket) -cb a:b"),
    Row("manage.py runserver -6v2 8001", at: "[::1]:8001"),
    Row("puma -qp 8001", at: "127.0.0.1:8001"),
    Row(
      "gunicorn a:b",
      ["GUNICORN_CMD_ARGS": "-Rb 0.0.0.0:80 -w 2"],
      at: socket,
      started: "gunicorn \(gunicornSocket) a:b",
      variables: ["GUNICORN_CMD_ARGS": "-R -w 2 \(gunicornSocket)"]
    ),
  ]
}
