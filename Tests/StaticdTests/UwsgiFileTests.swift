import Testing

@testable import staticd

/// Where uWSGI listens, by its configuration files and variables.
///
/// Goal: it never gets an address twice, and its address is known. One row is one file; 41000 is
/// the private port.
@Suite struct UwsgiFileTests {
  @Test(
    "uWSGI listens at the address in its configuration file",
    arguments: [
      ("a.ini", "[uwsgi]\nhttp-socket = :$(PORT)\nmodule = a", "127.0.0.1:41000"),
      ("a.ini", "[x]\nhttp = :1\n[uwsgi]\nhttp=127.0.0.2:8001", "127.0.0.2:8001"),
      ("a.ini:x", "[uwsgi]\nhttp = :1\n[x]\nhttp = :8001", "127.0.0.1:8001"),
      ("a.ini", "[uwsgi]\n;http-socket = :1\nhttp11-socket = /x.sock", "unix:/x.sock"),
      ("a.yaml", "uwsgi:\n  http-socket: :$(PORT) # ours", "127.0.0.1:41000"),
      ("a.yml", "uwsgi:\n  http: '127.0.0.1:$(P2)'", "127.0.0.1:8002"),
      (
        "a.json", "{ \"uwsgi\": {\n \"http-socket\": \":8001\",\n \"http-to\": \"a\" } }",
        "127.0.0.1:8001"
      ),
      ("a.xml", "<uwsgi>\n <http-socket>:8001</http-socket>\n</uwsgi>", "127.0.0.1:8001"),
    ]
  )
  func uwsgiFile(name: String, text: String, address: String) throws {
    for words in [["--ini", name], [name], ["--ini=\(name)"]] {
      let plan = try AppCommand(
        ["uwsgi"] + words,
        upstream: nil,
        socketPath: "/s",
        port: 41000,
        text: { $0 == name.prefix { $0 != ":" } ? text : nil },
        variable: { $0 == "P2" ? "8002" : $0 == "PORT" ? "80" : nil }
      )
      #expect("\(plan.address)" == address)
      #expect(plan.arguments == ["uwsgi"] + words)
      #expect(plan.variables["UWSGI_HTTP_SOCKET"] == nil)
    }
  }

  @Test(
    "the variable for uWSGI's socket is omitted only if its command line has a socket"
  )
  func uwsgiVariable() throws {
    for (command, isLeftOut) in [("uwsgi --module a", true), ("gunicorn a:b", false)] {
      let plan = try AppCommandTests.plan(
        AppCommandTests.Row(command, ["UWSGI_HTTP_SOCKET": ":80"], at: "")
      )
      #expect(plan.removed.contains("UWSGI_HTTP_SOCKET") == isLeftOut)
      #expect(plan.variables["UWSGI_HTTP_SOCKET"] == nil)
    }
  }

  @Test("a uWSGI file without an HTTP address, or an unsupported file")
  func otherUwsgiFile() throws {
    func plan(_ text: String) throws -> AppCommand {
      try AppCommand(
        ["uwsgi", "a.ini"],
        upstream: nil,
        socketPath: "/s",
        port: 41000,
        text: { _ in text },
        variable: { _ in nil }
      )
    }
    let told = try plan("[uwsgi]\nsocket = :3031")
    #expect(told.arguments == ["uwsgi", "--http-socket", AppCommandTests.port, "a.ini"])
    #expect(throws: CommandFailure.self) { try plan("[uwsgi]\nhttp-socket = %(host):80") }
    #expect(throws: CommandFailure.self) { try plan("[uwsgi]\nhttps = :443,c,k") }
  }
}
