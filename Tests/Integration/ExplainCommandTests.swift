import TestSupport
import Testing

/// `staticd explain` on the command line: its output is the response of a server.
@Suite struct ExplainCommandTests {
  private let root = TemporaryDirectory()

  @Test(
    "the status and every field are those of a server",
    arguments: [
      ["/static/a.css"], ["/static/a.css", "-H", "Range: bytes=1-2"],
      ["/static/a.css", "-H", "Range: bytes=0-1,90-91"],
      ["/static/a.css", "-H", "Range: bytes=900-"],
      ["/static/none"], ["/static/a.css", "-H", "If-None-Match: *"],
    ]
  )
  func same(arguments: [String]) throws {
    root.write(String(repeating: "a {}\n", count: 100), to: "a.css")
    let server = RunningServer("--root", root.path)
    let client = HTTPClient(port: server.port)
    let fields = arguments.count > 1 ? "\(arguments[2])\r\n" : ""
    client.send("GET \(arguments[0]) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
    let response = try #require(client.response())
    let result = Command.run([Command.staticd, "explain"] + arguments + ["--root", root.path])
    #expect(result.status == 0 && result.errors.isEmpty)
    let lines = result.output.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("\(response.status) ") })
    let shown = lines[(start + 1)...].dropLast()
    #expect(shown.count == response.fields.filter { $0.name != "Date" }.count)
    for field in response.fields where field.name != "Date" {
      #expect(shown.contains { $0.hasPrefix("  \(field.name): \(field.value)") }, "\(field)")
    }
  }

  @Test(
    "wrong use is reported in one line",
    arguments: [
      (["static/a.css"], "begins with '/'"), (["/a", "-H", "Range"], "-H 'Range'"),
      (["/a\n"], "line break"), (["/a", "--header", "x"], "--header 'x'"),
    ]
  )
  func wrongUse(arguments: [String], text: String) {
    let result = Command.run([Command.staticd, "explain"] + arguments + ["--root", root.path])
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1 && result.errors.contains(text), "\(result.errors)")
  }
}
