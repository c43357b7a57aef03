import Foundation
import TestSupport
import Testing

/// File modes: a string is octal digits, a number is its value.
@Suite struct ModeOptionTests {
  private let directory = TemporaryDirectory()

  struct Row: Sendable, CustomTestStringConvertible {
    var file = ""
    var variables: [String: String] = [:]
    var options: [String] = []
    /// The mode of a collected file; nil for wrong use.
    var mode: Int?
    var error = ""

    var testDescription: String { "\(file) \(variables) \(options)" }
  }

  @Test(
    "modes",
    arguments: [
      Row(options: ["--file-mode", "640"], mode: 0o640),
      Row(options: ["--file-mode", "0640"], mode: 0o640),
      Row(options: ["--file-mode", "0o640"], mode: 0o640),
      Row(options: ["--file-mode", "999"], error: "--file-mode '999'"),
      Row(options: ["--file-mode", "0o"], error: "--file-mode '0o'"),
      Row(options: ["--file-mode", "10000"], error: "--file-mode '10000'"),
      Row(file: "file-mode = 0o640", mode: 0o640),
      Row(file: "file-mode = 416", mode: 0o640),
      Row(file: "file-mode = '640'", mode: 0o640),
      Row(file: "file-mode = '0640'", mode: 0o640),
      Row(file: "file-mode = '0o640'", mode: 0o640),
      Row(file: "file-mode = 644", error: "staticd.toml:1: 644 is a decimal number, the mode 1204"),
      Row(file: "directory-mode = 755", error: "staticd.toml:1: 755 is a decimal number"),
      Row(file: "file-mode = -1", error: "staticd.toml:1: -1 is no mode"),
      Row(file: "file-mode = 4096", error: "staticd.toml:1: 4096 is no mode"),
      Row(variables: ["STATICD_FILE_MODE": "640"], mode: 0o640),
      Row(variables: ["FILE_UPLOAD_PERMISSIONS": "416"], mode: 0o640),
      Row(variables: ["FILE_UPLOAD_PERMISSIONS": "0o640"], mode: 0o640),
      Row(variables: ["FILE_UPLOAD_PERMISSIONS": "0640"], mode: 0o640),
      Row(
        variables: ["FILE_UPLOAD_PERMISSIONS": "644"],
        error: "FILE_UPLOAD_PERMISSIONS: 644 is a decimal number, the mode 1204; write 0o644"
      ),
      Row(
        variables: ["FILE_UPLOAD_PERMISSIONS": "rw"],
        error: "FILE_UPLOAD_PERMISSIONS: --file-mode 'rw'"
      ),
    ]
  )
  func modes(row: Row) throws {
    directory.write("a {}\n", to: "assets/a.css")
    directory.write(row.file + "\n", to: "staticd.toml")
    let result = Command.run(
      [Command.staticd, "collect", "assets", "--root", "out", "--no-cache"] + row.options,
      directory: directory.path,
      environment: row.variables
    )
    guard let mode = row.mode else {
      #expect(result.status == 2)
      #expect(result.errors.hasPrefix("staticd: \(row.error)"), "\(result.errors)")
      return
    }
    #expect(result.status == 0, "\(result.errors)")
    let attributes = try FileManager.default.attributesOfItem(
      atPath: directory.path("out/a.css")
    )
    #expect(attributes[.posixPermissions] as? Int == mode)
  }
}
