import Foundation
import TestSupport
import Testing

/// A project that is asked: it answers, or is refused, and none of its commands runs.
@Suite struct AskingTests {
  @Test("none of its commands runs", arguments: ways)
  func readOnly(way: Way) throws {
    let site = try DjangoSite(
      settings: way.files["own.py"] == nil ? "" : "INSTALLED_APPS.append('own.Own')"
    )
    site.directory.write("import os, sys\n" + Self.settings + way.script, to: "manage.py")
    for (name, text) in way.files { site.directory.write(text, to: name) }
    // With files in the root, Django's own command would ask whether to overwrite them.
    for hasRoot in [false, true] {
      if hasRoot { site.directory.write("old", to: "root/old.txt") }
      let asks = [["find", "a.css"], ["collect", "--dry-run"]]
      for command in hasRoot ? asks : asks + [["explain", "/static/a.css"]] {
        let result = Command.run(
          [Command.staticd] + command,
          directory: site.directory.path,
          environment: ["STATICD_PYTHON": site.python]
        )
        if !way.answers {
          #expect(result.status == 2)
          #expect(result.errors.contains("in its place, where it cannot be asked"))
        } else if command[0] == "find" || command[0] == "collect" {
          #expect(result.status == 0, "\(command) \(result.errors)")
        }
        #expect(site.names == (hasRoot ? ["old.txt"] : []), "\(command)")
      }
    }
    let collected = site.collect()
    #expect(collected.status == (way.answers ? 0 : 2), "\(collected.errors)")
  }

  @Test("only collect has the word collectstatic, for settings and manage.py that look for it")
  func arguments() throws {
    let settings = "if 'collectstatic' in sys.argv: open(BASE / 'seen', 'a').write('settings ')"
    let site = try DjangoSite(settings: "import sys\n\(settings)")
    let manage = try #require(site.directory.text("manage.py"))
    let guarded = "if 'collectstatic' in sys.argv: open('seen', 'a').write('manage.py ')"
    let start = "import os, sys\n"
    site.directory.write(manage.replacing(start, with: "\(start)\(guarded)\n"), to: "manage.py")
    #expect(site.collectstatic().status == 0)
    site.directory.remove("seen")
    for command in [
      ["find", "a.css"], ["check"], ["explain", "/static/a.css"], ["collect", "--dry-run"],
      ["collect", "--dry-run", "--root", "other"], ["run", "--listen", ":0", "--", "true"],
    ] {
      let result = Command.run(
        [Command.staticd] + command,
        directory: site.directory.path,
        environment: ["STATICD_PYTHON": site.python]
      )
      #expect(result.status == 0, "\(command): \(result.errors)")
      #expect(site.directory.text("seen") == nil, "\(command)")
    }
    #expect(site.collect().status == 0)
    #expect(site.directory.text("seen") == "manage.py settings ")
  }

  @Test("a project that hangs is ended when its time is over")
  func timeout() throws {
    let site = try DjangoSite(
      settings: """
        import os, subprocess, time
        child = subprocess.Popen(["sleep", "1000"])
        (BASE / "pids").write_text("%d %d" % (os.getpid(), child.pid))
        print("connecting to the database", flush=True)
        time.sleep(1000)
        """
    )
    let result = site.collect("--django-timeout", "3")
    #expect(result.status == 2)
    #expect(result.errorLines.count == 3, "\(result.errors)")
    #expect(result.errorLines[0].contains("waiting for the Django project in '.', asked with '"))
    #expect(result.errorLines[1].contains("did not answer within 3 seconds and was ended;"))
    #expect(result.errorLines[2].hasSuffix("printed: connecting to the database"))
    for process in try processes(site) { #expect(eventually { kill(process, 0) != 0 }) }
    for value in ["0", "3601", "-1"] {
      #expect(site.collect("--django-timeout=\(value)").status == 2)
    }
  }

  @Test("its processes end with us", arguments: [SIGTERM, SIGINT, SIGHUP, SIGKILL])
  func end(signal: Int32) throws {
    let site = try DjangoSite(
      settings: """
        import os, signal, subprocess, time
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        child = subprocess.Popen(["sleep", "1000"])
        (BASE / "pids.new").write_text("%d %d" % (os.getpid(), child.pid))
        os.rename(BASE / "pids.new", BASE / "pids")
        time.sleep(1000)
        """
    )
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Command.staticd)
    process.arguments = ["collect", "--python", site.python]
    process.currentDirectoryURL = URL(fileURLWithPath: site.directory.path)
    process.standardError = FileHandle.nullDevice
    try process.start()
    #expect(eventually { site.directory.text("pids") != nil })
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    for process in try processes(site) { #expect(eventually { kill(process, 0) != 0 }) }
  }

  private func processes(_ site: DjangoSite) throws -> [Int32] {
    try #require(site.directory.text("pids")).split(separator: " ").compactMap { Int32($0) }
  }

  @Test(
    "what a project prints before it ends is shown",
    arguments: ["import sys; sys.exit(1)", "import os; os._exit(3)", "exit()", "raise SystemExit"]
  )
  func reason(end: String) throws {
    let site = try DjangoSite(
      settings: "print('\\nSet DATABASE_URL first.\\n', flush=True)\n\(end)"
    )
    let result = site.collect()
    #expect(result.status == 2)
    #expect(result.errorLines.count == 2, "\(result.errors)")
    #expect(result.errorLines.last?.hasSuffix(" printed: Set DATABASE_URL first.") == true)
  }

  @Test("settings may start children of multiprocessing", arguments: ["spawn", "forkserver"])
  func children(method: String) throws {
    let site = try DjangoSite(
      settings: """
        import multiprocessing
        if multiprocessing.current_process().name == "MainProcess":
            with multiprocessing.get_context("\(method)").Manager() as manager:
                assert list(manager.list([1])) == [1]
        """
    )
    let result = site.collect()
    #expect(result.status == 0, "\(result.errors)")
    #expect(try site.paths().keys.sorted() == ["a.css"])
  }

  @Test(
    "the answer does not depend on descriptors that a project closes or takes",
    arguments: [
      "os.closerange(3, 256)", "os.closerange(3, 256); log = open(BASE / 'log', 'r+')",
      "log = os.open(BASE / 'log', os.O_RDWR); os.dup2(log, 3)", "os.close(1); os.close(2)",
      "sys.stdout = sys.stderr = None",
    ]
  )
  func descriptors(line: String) throws {
    let site = try DjangoSite(settings: "import os, sys\n\(line)")
    site.directory.write("the project's own\n", to: "log")
    let result = site.collect()
    #expect(result.status == 0, "\(result.errors)")
    #expect(try site.paths().keys.sorted() == ["a.css"])
    #expect(site.directory.text("log") == "the project's own\n")
  }

  @Test(
    "of what a project prints the end is kept",
    arguments: [
      ("for line in range(20): print('x' * (1 << 20))\nprint('why')\nraise SystemExit(1)", 6),
      ("print('first'); print('x' * (3 << 20)); print('why')\nraise SystemExit(1)", 3),
      ("print('x\\n' * (2 << 20) + 'why')\nraise SystemExit(1)", 6),
    ]
  )
  func noise(settings: String, lineCount: Int) throws {
    let site = try DjangoSite(settings: settings)
    let result = site.collect()
    #expect(result.status == 2)
    #expect((2...lineCount).contains(result.problemLines.count), "\(result.errors)")
    #expect(result.problemLines.last?.hasSuffix(" printed: why") == true)
    #expect(result.errors.utf8.count < 3000)
    let verbose = site.collect("-v").errors
    #expect(verbose.utf8.count < 1_100_000)
    #expect(verbose.contains("why\n") && !verbose.contains("first"))
  }

  @Test(
    "a command asks the project once",
    arguments: [
      ["collect"], ["collect", "--dry-run"], ["collect", "--root", "other"], ["check"],
      ["explain", "/static/a.css"], ["find", "a.css"],
    ]
  )
  func once(command: [String]) throws {
    let outside = TemporaryDirectory()
    let site = try DjangoSite(settings: "open(\"\(outside.path("loads"))\", \"a\").write(\"x\")")
    #expect(site.collectstatic().status == 0)
    outside.write("", to: "loads")
    let result = Command.run(
      [Command.staticd] + command + ["--python", site.python],
      directory: site.directory.path
    )
    #expect(result.status == 0, "\(result.errors)")
    #expect(outside.text("loads") == "x")
  }
}
