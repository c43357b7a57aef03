import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// `Via` in requests (RFC 9110 §7.6.3).
@Suite struct ViaTests {
  @Test(
    "staticd is appended to an existing list",
    arguments: [
      ("HTTP/1.1", [], "1.1 staticd"), ("HTTP/1.0", [], "1.0 staticd"),
      (
        "HTTP/1.1", ["Via: 1.0 fred, 1.1 p.example.net (x)"],
        "1.0 fred, 1.1 p.example.net (x), 1.1 staticd"
      ),
      ("HTTP/1.1", ["Via: 1.0 fred", "via: 2 b"], "1.0 fred, 2 b, 1.1 staticd"),
      ("HTTP/1.1", ["Via:"], "1.1 staticd"),
      ("HTTP/1.1", ["Via: 1.1 staticd"], "1.1 staticd, 1.1 staticd"),
      // A field that Connection names is removed.
      ("HTTP/1.1", ["Via: 1.0 fred", "Connection: via"], "1.1 staticd"),
    ] as [(String, [String], String)]
  )
  func appended(version: String, fields: [String], expected: String) throws {
    let head = try ForwardedHead.forward(
      "GET / \(version)\r\nHost: x\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    )
    #expect(head["via"] == expected)
  }

  @Test(
    "a request that has passed staticd eight times is refused",
    arguments: [
      (["Via: \(hops(7))"], true), (["Via: \(hops(8))"], false),
      (["Via: \(hops(4))", "Via: \(hops(4))"], false), (["Via: \(hops(8, "StaticD"))"], false),
      (["Via: \(hops(8, "staticd (a comment)"))"], false), (["Via: \(hops(8, "staticd2"))"], true),
      (["Via: \(hops(8, "nginx"))"], true), (["Via: \(hops(8, "a staticd"))"], true),
    ] as [([String], Bool)]
  )
  func loop(fields: [String], isForwarded: Bool) throws {
    let request = "GET / HTTP/1.1\r\nHost: x\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    var buffer = ByteBuffer(capacity: 65536)
    #expect(try ForwardedHead.append(request, to: &buffer) == isForwarded)
    #expect((buffer.count > 0) == isForwarded)
  }

  @Test(
    "files are served the same with and without Via",
    arguments: [
      ("GET", []), ("HEAD", []), ("GET", ["Accept-Encoding: gzip"]), ("GET", ["Range: bytes=1-2"]),
      ("GET", ["If-None-Match: *"]), ("OPTIONS", []), ("DELETE", []),
    ] as [(String, [String])]
  )
  func files(method: String, fields: [String]) throws {
    let directory = TemporaryDirectory()
    directory.write("hello", to: "a.txt")
    directory.write([UInt8](repeating: 0x1F, count: 3), to: "a.txt.gz")
    let (server, port) = try directory.serve { _ in }
    let client = HTTPClient(port: port)
    func answer(_ fields: [String]) throws -> [String] {
      let lines = fields.map { $0 + "\r\n" }.joined()
      client.send("\(method) /static/a.txt HTTP/1.1\r\nHost: x\r\n\(lines)\r\n")
      let response = try #require(client.response(hasBody: method != "HEAD"))
      let told = response.fields.filter { $0.name != "Date" }.map { "\($0.name): \($0.value)" }
      return ["\(response.status)"] + told + [response.text]
    }
    let plain = try answer(fields)
    #expect(try answer(fields + ["Via: 1.0 fred, 1.1 staticd"]) == plain)
    #expect(try answer(["Via: \(Self.hops(9))"] + fields) == plain)
    server.stop()
  }

  private static func hops(_ count: Int, _ name: String = "staticd") -> String {
    [String](repeating: "1.1 \(name)", count: count).joined(separator: ", ")
  }
}
