import Foundation
import TestSupport
import Testing

/// Wrong use and failing system calls: one clear line, the documented exit code, and an intact
/// previous release.
@Suite struct CommandLineTests {
  private let source = TemporaryDirectory()
  private let root = TemporaryDirectory()

  /// Publishes a first release, and returns the content of the root.
  private func firstRelease() -> [String: [UInt8]] {
    source.write("old {}\n", to: "a.css")
    let result = Command.staticd("collect", source.path, "--root", root.path)
    #expect(result.status == 0, "\(result.errors)")
    return content()
  }

  private func content() -> [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: root.files().map { ($0, root.read($0) ?? []) })
  }

  @Test(
    "wrong use",
    arguments: [
      (["collect", "SOURCE"], "--root"), (["collect", "--root", "ROOT"], "DIR"),
      (["collect", "SOURCE/none", "--root", "ROOT"], "is no directory"),
      (["collect", "SOURCE", "--root", "SOURCE"], "inside the source"),
      (["collect", "SOURCE", "--root", "SOURCE/out"], "inside the source"),
      (["collect", "SOURCE", "--root", "SOURCE/../SOURCENAME/x/y"], "inside the source"),
      (["collect", "SOURCE", "--root", "ROOT", "--formats", "zip"], "--formats"),
      (["collect", "SOURCE", "--root", "ROOT", "--jobs", "0"], "--jobs"),
      (["collect", "SOURCE", "--root", "ROOT", "--url", ""], "--url"),
      (["collect", "SOURCE", "--root", "ROOT", "--url", "a b"], "--url"),
      (["collect", "../x=SOURCE", "--root", "ROOT"], "source"),
      (["collect", "x/=SOURCE", "--root", "ROOT"], "PREFIX"),
      (["collect", "SOURCE", "--root", "ROOT", "--nonsense"], "--nonsense"),
      (["collect", "SOURCE", "--root", "ROOT", "--cache", ""], "--cache"),
      (["collect", "SOURCE", "--root", "ROOT", "--keep-releases", "0"], "--keep-releases"),
      (["collect", "SOURCE", "--root", "ROOT", "--keep-releases", "1001"], "--keep-releases"),
      (["collect", "SOURCE", "--root", "ROOT", "--cache", "x", "--no-cache"], "--no-cache"),
      (["collect", "SOURCE", "--root", "ROOT", "--cache", "SOURCE/x"], "inside the source"),
      (["collect", "SOURCE", "--root", "ROOT", "--cache", "ROOT/x"], "inside root"),
      (["serve"], "--root"), (["serve", "--root", "ROOT/none"], "is no directory"),
      (["serve", "--root", "ROOT", "--listen", "nonsense"], "--listen"),
      (["serve", "--root", "ROOT", "--listen", "127.0.0.1:99999"], "--listen"),
      (["serve", "--root", "ROOT", "--workers", "0"], "--workers"),
      (["serve", "--root", "ROOT", "--workers", "x"], "--workers"),
      (["nonsense"], "nonsense"),
    ]
  )
  func usage(arguments: [String], mentions: String) {
    let before = firstRelease()
    let name = URL(fileURLWithPath: source.path).lastPathComponent
    let given = arguments.map {
      $0.replacingOccurrences(of: "SOURCENAME", with: name)
        .replacingOccurrences(of: "SOURCE", with: source.path)
        .replacingOccurrences(of: "ROOT", with: root.path)
    }
    let result = Command.run([Command.staticd] + given)
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.hasPrefix("staticd: "))
    #expect(result.errors.contains(mentions), "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(content() == before)
  }

  @Test(
    "the user and the password of a URL are not printed",
    arguments: [
      ["collect", "s", "--root", "r", "--from-release", "http://u:SECRET@h/static/"],
      ["collect", "s", "--root", "r", "--from-release", "ftp://u:SECRET@h/"],
      ["collect", "s", "--root", "r", "--from-release", "s3://u:SECRET@h/"],
      ["serve", "--public", ".", "--peer", "http://u:SECRET@h:1"],
      ["publish", "s3://b", "--root", "r", "--endpoint", "http://u:SECRET@h"],
      ["publish", "s3://AKIA:a/SECRET@bucket", "--root", "r"],
      ["publish", "s3://bucket", "s3://u:SECRET@b", "--root", "r"],
      ["explain", "ftp://u:SECRET@h", "--root", "r"],
    ]
  )
  func secrets(arguments: [String]) {
    let result = Command.run([Command.staticd] + arguments)
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1 && !result.errors.contains("SECRET"), "\(result.errors)")
  }

  @Test(
    "help and version go to standard output",
    arguments: [
      ["--help"], ["--version"], ["collect", "--help"], ["serve", "--help"],
    ]
  )
  func help(arguments: [String]) {
    let result = Command.run([Command.staticd] + arguments)
    #expect(result.status == 0)
    #expect(!result.output.isEmpty)
    #expect(result.errors.isEmpty)
  }

  @Test("all problems of the input are listed, and nothing is published")
  func problems() {
    let before = firstRelease()
    source.write("new { x: url(none.png) }\n\n@import 'b.css';", to: "a.css")
    source.write("@import 'a.css';", to: "b.css")
    source.write([0xFF], to: "latin.css")
    source.link("broken", to: "nowhere")
    source.link("unreadable", to: "/proc/self/mem")
    let result = Command.staticd("collect", source.path, "--root", root.path)
    #expect(result.status == 1)
    #expect(
      result.errorLines.sorted()
        == [
          "staticd: \(source.path)/a.css:1: 'none.png': there is no file 'none.png'",
          "staticd: \(source.path)/a.css:3: references in a circle: \(source.path)/a.css -> "
            + "\(source.path)/b.css -> \(source.path)/a.css; remove one of them",
          "staticd: \(source.path)/broken: this link leads nowhere (No such file or directory); "
            + "mend it or ignore it",
          "staticd: \(source.path)/latin.css:1: this is not UTF-8; save it as UTF-8, "
            + "or leave it as it is with --immutable or out with --ignore",
          "staticd: \(source.path)/unreadable: cannot read this: Input/output error",
          "staticd: 5 problems; nothing was published",
        ].sorted()
    )
    #expect(content() == before)
  }

  @Test("an unreadable file is a problem, also for a superuser without capabilities")
  func permission() {
    let before = firstRelease()
    let path = source.write("secret", to: "secret.txt")
    chmod(path, 0)
    let result = Command.run(
      Self.withoutPowers + [Command.staticd, "collect", source.path, "--root", root.path]
    )
    #expect(result.status == 1)
    #expect(result.errors.contains("secret.txt: cannot open this: Permission denied"))
    #expect(content() == before)
  }

  @Test("a root that cannot be written")
  func readOnlyRoot() {
    let before = firstRelease()
    source.write("new", to: "a.css")
    chmod(root.path, 0o555)
    defer { chmod(root.path, 0o755) }
    let result = Command.run(
      Self.withoutPowers + [Command.staticd, "collect", source.path, "--root", root.path]
    )
    #expect(result.status == 3)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("Permission denied; nothing was published"))
    #expect(content() == before)
    let file = source.write("x", to: "file")
    #expect(Command.staticd("collect", root.path, "--root", file).status == 3)
  }

  @Test("the cache is the user's, the named one, or none")
  func cachePlace() {
    source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    let homes = TemporaryDirectory()
    func collect(_ options: [String], _ environment: [String: String]) -> CommandResult {
      let command = [Command.staticd, "collect", source.path, "--root", root.path]
      return Command.run(command + options, environment: environment)
    }
    let none = ["XDG_CACHE_HOME": "", "HOME": homes.path("home")]
    #expect(collect(["--no-cache"], none).status == 0)
    #expect(homes.files().isEmpty)
    #expect(collect([], ["XDG_CACHE_HOME": homes.path("xdg")]).status == 0)
    #expect(homes.files().allSatisfy { $0.hasPrefix("xdg/staticd/") })
    #expect(collect([], none).status == 0)
    #expect(homes.files().contains { $0.hasPrefix("home/.cache/staticd/pack") })
    #expect(collect(["--cache", homes.path("named")], none).status == 0)
    #expect(homes.files().contains { $0.hasPrefix("named/pack") })
    // Relative paths are ignored, and without a home there is no cache.
    #expect(collect([], ["XDG_CACHE_HOME": "x", "HOME": ""]).errors.isEmpty)
  }

  @Test("an unwritable home is not an error, an unwritable named cache is")
  func readOnlyHome() {
    source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    let home = TemporaryDirectory()
    chmod(home.path, 0o555)
    defer { chmod(home.path, 0o755) }
    let command =
      Self.withoutPowers + [
        Command.staticd, "collect", source.path, "--root", root.path,
      ]
    let environment = ["XDG_CACHE_HOME": "", "HOME": home.path]
    let silent = Command.run(command, environment: environment)
    #expect(silent.status == 0)
    #expect(silent.errorLines.count == 1, "\(silent.errors)")
    #expect(silent.errors.contains("results are not kept for the next run"))
    #expect(root.files().contains("a.css.br"))
    let before = content()
    let named = Command.run(command + ["--cache", home.path("x")], environment: environment)
    #expect(named.status == 3)
    #expect(named.errorLines.count == 1)
    #expect(named.errors.contains("Permission denied; nothing was published"))
    #expect(content() == before)
  }

  @Test("a full disk leaves the previous release intact")
  func fullDisk() {
    source.write("small", to: "a.txt")
    let large = TemporaryDirectory()
    large.write("changed", to: "a.txt")
    for index in 0..<20 {
      large.write((0..<30_000).map { _ in UInt8.random(in: 0...255) }, to: "f\(index).bin")
    }
    let script = """
      set -e
      mount -t tmpfs -o size=300k tmpfs \(root.path)
      "$1" collect \(source.path) --root \(root.path) >/dev/null
      (cd \(root.path) && find . -type f | sort | xargs sha256sum) >\(source.path).before
      set +e
      "$1" collect \(large.path) --root \(root.path)
      echo "status $?"
      (cd \(root.path) && find . -type f | sort | xargs sha256sum) >\(source.path).after
      cmp \(source.path).before \(source.path).after && echo whole
      """
    let result = Command.run(["unshare", "-m", "sh", "-c", script, "sh", Command.staticd])
    try? FileManager.default.removeItem(atPath: "\(source.path).before")
    try? FileManager.default.removeItem(atPath: "\(source.path).after")
    #expect(result.output == "status 3\nwhole\n", "\(result.errors)")
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("No space left on device; nothing was published"))
  }

  @Test("an address in use, and a privileged port")
  func listening() {
    _ = firstRelease()
    let server = RunningServer("--root", root.path)
    let second = Command.staticd(
      "serve",
      "--root",
      root.path,
      "--listen",
      "127.0.0.1:\(server.port)"
    )
    #expect(second.status == 3)
    #expect(
      second.errors
        == "staticd: cannot listen at 127.0.0.1:\(server.port): Address already in use; "
        + "stop what listens there or choose another --listen\n"
    )
    // A separate network namespace, where ports below 1024 are privileged whatever the machine's
    // setting is.
    let privileged = Command.run(
      ["unshare", "-n"] + Self.withoutPowers
        + [Command.staticd, "serve", "--root", root.path, "--listen", "0.0.0.0:80"]
    )
    #expect(privileged.status == 3)
    #expect(
      privileged.errors == "staticd: cannot listen at 0.0.0.0:80: Permission denied; "
        + "ports below 1024 need a privilege, choose a higher one\n"
    )
  }

  @Test("SIGTERM ends the server with 0, a second one at once")
  func signals() throws {
    root.write((0..<9_000_000).map { UInt8(truncatingIfNeeded: $0) }, to: "big.bin")
    for signal in [SIGTERM, SIGINT] {
      let server = RunningServer("--root", root.path)
      #expect(HTTPClient(port: server.port).get("/static/none")?.status == 404)
      server.send(signal)
      #expect(server.wait() == 0)
    }
    let server = RunningServer("--root", root.path)
    let client = HTTPClient(port: server.port, receiveBuffer: 4096)
    client.send("GET /static/big.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.hasBegun())
    server.send(SIGTERM)
    #expect(eventually { HTTPClient(connectingTo: server.port) == nil })
    // Waiting for a client uses no CPU.
    #expect(eventually { ProcessState.sleeps(server.pid) })
    server.send(SIGTERM)
    #expect(server.wait() == SIGTERM)
  }

  @Test("a new release is served automatically, other changes at SIGHUP, a broken manifest never")
  func reload() throws {
    _ = firstRelease()
    let server = RunningServer("--root", root.path)
    let client = HTTPClient(port: server.port)
    func answers(_ path: String, _ status: Int) -> Bool {
      eventually { client.get(path)?.status == status }
    }
    #expect(client.get("/static/added.css")?.status == 404)
    source.write("b {}\n", to: "added.css")
    #expect(Command.staticd("collect", source.path, "--root", root.path).status == 0)
    #expect(answers("/static/added.css", 200))

    root.write("by hand", to: "hand.txt")
    server.send(SIGHUP)
    // A name missing from the table is looked up; its entity tag contains the change time too.
    #expect(
      eventually { client.get("/static/hand.txt")?["ETag"]?.split(separator: "-").count == 2 }
    )

    root.write("{ broken", to: "staticd.json")
    root.write("too late", to: "hand.txt")
    server.send(SIGHUP)
    #expect(eventually { server.errors.contains("reload failed") })
    #expect(client.get("/static/hand.txt")?.text == "by hand")
    #expect(client.get("/static/added.css")?.status == 200)
    server.send(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test("with few descriptors the longest idle connections are closed, and all files are served")
  func fewDescriptors() throws {
    for index in 0..<100 {
      root.write([UInt8](repeating: UInt8(index), count: 70_000), to: "f\(index).bin")
    }
    let result = Command.run([
      "sh", "-c",
      """
      python3 - "$1" \(root.path) \(source.path)/s <<'PYTHON'
      import resource, socket, subprocess, sys
      program, root, path = sys.argv[1:]
      server = subprocess.Popen(
          [program, "serve", "--root", root, "--listen", "unix:" + path],
          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
      # It says so when it listens.
      server.stderr.readline()
      def connect():
          client = socket.socket(socket.AF_UNIX)
          client.settimeout(60)
          client.connect(path)
          return client
      def get(client, index):
          client.sendall(b"GET /static/f%d.bin HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" % index)
          data = b""
          while len(data) < 70000:
              part = client.recv(65536)
              if not part:
                  return b""
              data += part
          return data
      kept = []
      for index in range(100):
          client = connect()
          data = get(client, index)
          assert data.startswith(b"HTTP/1.1 200") and data.endswith(bytes([index]) * 1000), index
          kept.append(client)
      server.terminate()
      server.wait()
      print("all served")
      PYTHON
      """,
      "sh", Command.staticd,
    ])
    #expect(result.output == "all served\n", "\(result.errors)")
  }

  /// A command prefix that drops the superuser's capabilities over files and ports.
  private static let withoutPowers =
    geteuid() == 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : []
}
