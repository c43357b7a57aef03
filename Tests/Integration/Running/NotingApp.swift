import Foundation
import TestSupport
import Testing

/// `staticd run` with an app of `queue_app.py` on a real server.
final class NotingApp {
  let running: SupervisedRun
  private let scratch = TemporaryDirectory()

  /// - Parameters:
  ///   - command: the server's command line, from its name on; it is found in the fixtures.
  ///   - options: of `staticd run`.
  init(_ command: String, _ options: [String] = []) throws {
    scratch.write("hello", to: "public/a.txt")
    scratch.write("", to: "notes")
    let bin = try #require(Command.fixtures, "set by scripts/test") + "/servers/bin/"
    running = SupervisedRun(
      ["--public", scratch.path("public")] + options,
      (bin + command).components(separatedBy: " "),
      environment: [
        "PYTHONPATH": Site.path, "PYTHONDONTWRITEBYTECODE": "1",
        "NOTES": scratch.path("notes"), "GATE": scratch.path("gate"),
      ]
    )
    #expect(running.prints("The app listens at"), "\(running.errors)")
  }

  /// The requests that the app has recorded.
  var notes: [String] {
    (scratch.text("notes") ?? "").components(separatedBy: "\n").dropLast()
  }

  /// Releases the requests that the app holds.
  func openGate() { scratch.write("", to: "gate") }

  /// The listening port.
  func port() throws -> UInt16 { try #require(running.port) }

  /// Stops it; returns the status.
  func end() -> Int32? {
    running.send(SIGTERM)
    return running.wait()
  }
}
