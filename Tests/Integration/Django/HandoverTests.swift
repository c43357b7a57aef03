import Foundation
import TestSupport
import Testing

/// A Django process that starts `staticd` and answers its questions.
///
/// Goal: the same release and record as with a separate Python for the project, and an exit with a
/// reason if the answer is missing or wrong. Method: the app in `Sources/Python`, and processes
/// that answer wrongly.
@Suite struct HandoverTests {
  /// A project with the app; `python` finds the app, and the app the executable under test.
  private struct Project {
    let site: DjangoSite
    let environment: [String: String]

    init() throws {
      site = try DjangoSite(
        settings: """
          INSTALLED_APPS.insert(0, "staticd")
          import os
          WHITENOISE_MAX_AGE = int(os.environ.get("AGE", "7"))
          """
      )
      let sources = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Sources/Python").standardized
      let programs = URL(filePath: Command.staticd).deletingLastPathComponent().path
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      environment = ["PYTHONPATH": sources.path, "PATH": "\(programs):\(path)"]
    }

    func run(_ command: [String], _ more: [String: String] = [:]) -> CommandResult {
      Command.run(
        command,
        directory: site.directory.path,
        environment: environment.merging(more) { $1 }
      )
    }
  }

  @Test("manage.py collectstatic makes the release of staticd collect, and its record")
  func collectstatic() throws {
    let project = try Project()
    let variables = ["AGE": "8"]
    let handed = project.run(
      [project.site.python, "manage.py", "collectstatic", "--noinput"],
      variables
    )
    #expect(handed.status == 0, "\(handed.errors)")
    #expect(handed.errors.isEmpty)
    #expect(
      handed.output
        == "\n1 static file copied to '\(project.site.directory.path)/root', 1 post-processed.\n"
    )
    let first = project.site.directory.text("root/staticd.json")
    #expect(first?.contains("\"variables\": [\"AGE\", \"DJANGO_SETTINGS_MODULE\"]") == true)
    try FileManager.default.removeItem(atPath: project.site.directory.path("root"))
    let asked = project.run(
      [Command.staticd, "collect", "--python", project.site.python],
      variables
    )
    #expect(asked.status == 0, "\(asked.errors)")
    #expect(project.site.directory.text("root/staticd.json") == first)
    // The record is valid for a server started in the same way.
    let explain = [Command.staticd, "explain", "/static/a.css"]
    #expect(!project.run(explain, variables).errors.contains("asked the Django project"))
    let python = project.site.python.replacing("/bin/python", with: "")
    let changed = project.run(explain, ["AGE": "9", "VIRTUAL_ENV": python])
    #expect(changed.errors.contains("asked the Django project"))
  }

  @Test(
    "processes that do not answer",
    arguments: [
      ("pass", "Connection reset by peer"),
      ("theirs.recv(1 << 20); theirs.sendall(b'nonsense\\n')", "its process gave no answer"),
      ("theirs.recv(1 << 20); theirs.sendall(b'{\"half\"')", "Connection reset by peer"),
      ("ours = open('manage.py')", "Socket operation on non-socket"),
      // The descriptor may refer to another file by now.
      ("ours = None", "cannot ask 'the process in STATICD_DJANGO_DESCRIPTOR'"),
    ]
  )
  func noAnswer(doing: String, words: String) throws {
    let project = try Project()
    let result = project.run(
      [
        project.site.python, "-c",
        """
        import os, socket, subprocess, sys
        ours, theirs = socket.socketpair()
        number = ours.fileno()
        if os.fork() == 0:
            ours.close()
            theirs.recv(1, socket.MSG_PEEK)
            \(doing.hasPrefix("ours") ? "pass" : doing)
            os._exit(0)
        theirs.close()
        \(doing.hasPrefix("ours") ? doing : "pass")
        kept = [ours.fileno()] if ours else []
        number = kept[0] if kept else number
        environment = {**os.environ, "STATICD_DJANGO_DESCRIPTOR": str(number)}
        command = [sys.argv[1], "collect", "--django", ".", "--root", "root"]
        sys.exit(subprocess.run(command, env=environment, pass_fds=kept).returncode)
        """,
        Command.staticd,
      ]
    )
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(project.site.names.isEmpty)
  }

  @Test("staticd uses the Python of its own environment if that has Django")
  func ownEnvironment() throws {
    let project = try Project()
    let directory = project.site.directory
    for hasDjango in [false, true] {
      directory.write("home = /usr/bin\n", to: "installed/pyvenv.cfg")
      let script = "#!/bin/sh\necho asked > asked\nexec \(project.site.python) \"$@\"\n"
      chmod(directory.write(script, to: "installed/bin/python"), 0o755)
      let program = directory.path("installed/bin/staticd")
      if !FileManager.default.fileExists(atPath: program) {
        try FileManager.default.copyItem(atPath: Command.staticd, toPath: program)
      }
      if hasDjango {
        directory.write("", to: "installed/lib/python3.99/site-packages/django/__init__.py")
      }
      let result = project.run([program, "collect"], ["VIRTUAL_ENV": ""])
      #expect(FileManager.default.fileExists(atPath: directory.path("asked")) == hasDjango)
      if hasDjango { #expect(result.status == 0, "\(result.errors)") }
    }
  }
}
