import StaticServer
import Testing

@testable import staticd

/// Hints for an app that does not start to listen, or listens elsewhere.
@Suite struct AppHintTests {
  private static func line(_ command: [String], seconds: Int, at address: String?) throws -> String?
  {
    let plan = try AppCommand(command, upstream: nil, socketPath: "/s", port: 41000) { _ in nil }
    let listening = try address.map { [try ListenAddress($0)] } ?? []
    return AppHint.line(seconds: seconds, plan, listening: listening)
  }

  @Test(
    "an app that listens elsewhere: both remedies",
    arguments: [
      ("0.0.0.0:8000", "give --upstream 127.0.0.1:8000, or"),
      (
        "127.0.0.1:8000",
        "the app listens at 127.0.0.1:8000, and requests are sent to 127.0.0.1:41000"
      ),
      ("[::]:8000", "--upstream [::1]:8000"),
      ("unix:/run/app.sock", "give --upstream unix:/run/app.sock, or"),
    ]
  )
  func elsewhere(address: String, mentions: String) throws {
    let line = try #require(try Self.line(["python", "main.py"], seconds: 5, at: address))
    #expect(line.contains(mentions), "\(line)")
    #expect(line.contains("uvicorn.run(app, port=int(os.environ[\"PORT\"]))"))
  }

  @Test("no hint too early")
  func early() throws {
    #expect(try Self.line(["a"], seconds: 4, at: "127.0.0.1:8000") == nil)
    #expect(try Self.line(["a"], seconds: 9, at: nil) == nil)
  }

  @Test(
    "an app that listens nowhere: the remedy",
    arguments: [
      (["node", "a.js"], "at the port in PORT"), (["./start.sh"], "at the port in PORT"),
      (["/usr/bin/python3", "a.py"], "uvicorn.run("), (["gunicorn", "a:b"], "gunicorn --bind"),
    ] as [([String], String)]
  )
  func nowhere(command: [String], mentions: String) throws {
    let line = try #require(try Self.line(command, seconds: 10, at: nil))
    #expect(line.contains("after 10 s"))
    #expect(line.contains(mentions), "\(line)")
  }
}
