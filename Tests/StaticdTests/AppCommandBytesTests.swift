import Testing

@testable import staticd

/// Arguments and variables of an app that are not UTF-8.
@Suite struct AppCommandBytesTests {
  private func plan(_ command: [[UInt8]], _ variable: String? = nil) throws -> AppCommand {
    try AppCommand(
      command.map { String(decoding: $0, as: UTF8.self) },
      upstream: nil,
      socketPath: "/s",
      port: 41000
    ) { $0 == GunicornArguments.variable ? variable : nil }
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("arguments are unchanged after the inserted ones")
  func words() throws {
    let given = [bytes("hypercorn"), [0xFF, 0x61], bytes("a:b")]
    let words = try plan(given).words(given)
    #expect(words.first == given[0])
    #expect(Array(words.suffix(2)) == Array(given.suffix(2)))
    #expect(words.count > given.count)
    let script = [bytes("sh"), bytes("-c"), bytes("echo ") + [0xE9]]
    #expect(try plan(script).words(script) == script)
  }

  @Test("variables are unchanged, including the start of a completed one")
  func variables() throws {
    let value = bytes("--name ") + [0xE9]
    let told = try plan(
      [bytes("gunicorn"), bytes("a:b")],
      String(decoding: value, as: UTF8.self)
    )
    let entries = told.environment([
      bytes("X=") + [0xFF, 0xFE], bytes("GUNICORN_CMD_ARGS=") + value,
    ])
    #expect(entries.contains(bytes("X=") + [0xFF, 0xFE]))
    let ours = entries.filter { $0.starts(with: bytes("GUNICORN_CMD_ARGS=")) }
    #expect(ours.count == 1)
    #expect(ours.allSatisfy { $0.starts(with: bytes("GUNICORN_CMD_ARGS=") + value + bytes(" ")) })
  }
}
