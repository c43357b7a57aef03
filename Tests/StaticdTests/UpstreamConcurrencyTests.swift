import Testing

@testable import staticd

/// The number of concurrent requests of an app, by its command line and environment.
///
/// Goal: never below the server's real concurrency; 256 if that is unknown.
@Suite struct UpstreamConcurrencyTests {
  private static func concurrency(
    _ command: String,
    _ environment: [String: String] = [:],
    files: Set<String> = []
  ) -> UpstreamConcurrency {
    let words = ShellWords.split(command) ?? []
    return UpstreamConcurrency(
      AppInvocation(words) { environment[$0] },
      hasFile: files.contains,
      variable: { environment[$0] }
    )
  }

  @Test(
    "by the command line",
    arguments: [
      ("gunicorn a:b", 1), ("gunicorn -w 3 a:b", 3), ("gunicorn --workers=3 a:b", 3),
      ("gunicorn -w3 a:b", 3), ("gunicorn -w 2 -w 5 a:b", 5),
      ("gunicorn -w 2 --threads 4 a:b", 8), ("gunicorn -w 2 --thr 4 a:b", 8),
      ("gunicorn -k gthread a:b", 1), ("gunicorn -k gthread -w 2 --threads 8 a:b", 16),
      ("gunicorn -k gevent a:b", 1000),
      ("gunicorn -k gevent -w 2 --worker-connections 50 a:b", 100),
      ("gunicorn -k eventlet -w 9 a:b", 4096), ("gunicorn -k tornado a:b", 1000),
      ("gunicorn -k uvicorn.workers.UvicornWorker -w 2 a:b", 2000),
      ("gunicorn --worker-class uvicorn_worker.UvicornWorker --worker-connections 5 a:b", 1000),
      ("gunicorn -k my.Worker a:b", 256), ("gunicorn -w x a:b", 256), ("gunicorn -w 0 a:b", 256),
      ("gunicorn -c g.py -w 3 a:b", 256),
      ("gunicorn -c g.py -w 3 --threads 2 -k gthread a:b", 6), ("gunicorn --paste a.ini", 256),
      ("gunicorn -w 99999999999 a:b", 1_000_000),
      ("uvicorn a:b", 1000), ("uvicorn --workers 3 a:b", 3000), ("uvicorn --workers 9 a:b", 4096),
      ("uvicorn --limit-concurrency 10 a:b", 9), ("uvicorn --limit-concurrency 1 a:b", 1),
      ("uvicorn --workers 2 --limit-concurrency 10 a:b", 18), ("uvicorn --reload a:b", 1000),
      ("hypercorn a:b", 1000), ("hypercorn -w 2 a:b", 2000), ("hypercorn -c file:h.py a:b", 256),
      ("daphne a:b", 1000), ("fastapi run --workers 2", 2000),
      ("granian --interface asgi a:b", 1024), ("granian --interface asgi --workers 4 a:b", 1024),
      ("granian --interface asgi --workers 2 --backpressure 10 a:b", 20),
      ("granian --interface wsgi a:b", 256),
      ("granian --interface wsgi --workers 2 --blocking-threads 4 a:b", 8),
      ("waitress-serve a:b", 4), ("waitress-serve --threads=9 a:b", 9),
      ("manage.py runserver", 256), ("manage.py runserver --nothreading", 1),
      ("flask run", 256), ("flask run --without-threads", 1),
      ("uwsgi --module a", 1), ("uwsgi -p 4 --threads 2 --module a", 8), ("uwsgi --ini a.ini", 256),
      ("uwsgi a.ini", 256), ("uwsgi --gevent 100 --module a", 256),
      ("puma -t 5:5", 256), ("node server.js", 256), ("sh -c 'gunicorn -w 4 a:b'", 4),
      ("sh -c 'gunicorn -w $(nproc) a:b'", 256), ("poetry run gunicorn -w 4 a:b", 4),
      ("uv run --with gunicorn gunicorn -w 4 a:b", 4), ("gosu uwsgi gunicorn -w 4 a:b", 4),
      ("uv run --with uvicorn gunicorn -w 4 a:b", 4), ("make gunicorn", 256),
      ("./start gunicorn -w 4 a:b", 256), ("gunicorn -Rw4 a:b", 4), ("gunicorn -Rw 4 a:b", 4),
      ("uwsgi -Mp 4 --module a", 4), ("gunicorn -cw4 a:b", 256),
    ] as [(String, Int)]
  )
  func commandLine(command: String, expected: Int) {
    #expect(Self.concurrency(command).limit == expected)
  }

  @Test(
    "by variables, which the command line overrides",
    arguments: [
      ("gunicorn a:b", ["WEB_CONCURRENCY": "4"], 4),
      ("gunicorn -w 2 a:b", ["WEB_CONCURRENCY": "4"], 2),
      ("gunicorn a:b", ["GUNICORN_CMD_ARGS": "--workers 3 --threads 2"], 6),
      ("gunicorn -w 2 a:b", ["GUNICORN_CMD_ARGS": "--workers 3 --threads 2"], 4),
      ("gunicorn a:b", ["GUNICORN_CMD_ARGS": "--workers 3", "WEB_CONCURRENCY": "4"], 3),
      ("gunicorn a:b", ["GUNICORN_CMD_ARGS": "-c g.py", "WEB_CONCURRENCY": "4"], 256),
      ("gunicorn a:b", ["GUNICORN_CMD_ARGS": "--name 'open"], 1),
      ("env WEB_CONCURRENCY=5 gunicorn a:b", [:], 5),
      ("uvicorn a:b", ["WEB_CONCURRENCY": "2"], 2000),
      ("uvicorn a:b", ["UVICORN_LIMIT_CONCURRENCY": "5"], 4),
      ("granian a:b", ["GRANIAN_WORKERS": "2", "GRANIAN_BACKPRESSURE": "8"], 16),
      ("uwsgi --module a", ["UWSGI_WORKERS": "3"], 3),
    ] as [(String, [String: String], Int)]
  )
  func variables(command: String, environment: [String: String], expected: Int) {
    #expect(Self.concurrency(command, environment).limit == expected)
  }

  @Test("gunicorn.conf.py in the working directory may set anything that the command line does not")
  func configurationFile() {
    let files: Set = ["gunicorn.conf.py"]
    #expect(Self.concurrency("gunicorn -w 3 a:b", files: files).limit == 256)
    let command = "gunicorn -w 3 -k sync --threads 1 a:b"
    #expect(Self.concurrency(command, files: files).limit == 3)
  }

  @Test("signals forwarded to gunicorn change its number of workers")
  func signals() {
    var known = Self.concurrency("gunicorn -w 2 --threads 4 a:b")
    known.follow(.oneMore)
    #expect(known.limit == 12)
    for _ in 0..<9 { known.follow(.oneLess) }
    #expect(known.limit == 4)
    known.follow(.reload)
    #expect(known.limit == 8)
  }

  @Test("signals do not change an unknown concurrency, or that of other servers")
  func signalsWithoutEffect() {
    for command in ["gunicorn -c g.py a:b", "waitress-serve a:b", "node a.js"] {
      var concurrency = Self.concurrency(command)
      let before = concurrency.limit
      concurrency.follow(.oneMore)
      concurrency.follow(.oneLess)
      concurrency.follow(.oneLess)
      concurrency.follow(.reload)
      #expect(concurrency.limit == before)
    }
  }
}
