import TestSupport
import Testing

@testable import StaticAssets

/// CORS preflights for files.
///
/// Source: Fetch standard, CORS protocol.
@Suite struct PreflightTests {
  private let root = TemporaryDirectory()

  private static let asking = [
    "Origin: https://app.example", "Access-Control-Request-Method: GET",
    "Access-Control-Request-Headers: range",
  ]

  private func ask(_ table: FileTable, _ path: String, _ fields: [String]) -> PlannedAnswer? {
    let lines = fields.map { $0 + "\r\n" }.joined()
    return PlannedAnswer(table, "OPTIONS \(path) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n")
  }

  private func table(_ isAllowed: Bool = true, _ rules: [String] = []) throws -> FileTable {
    root.write("font", to: "a.woff2")
    root.write("font", to: "secret.txt")
    var options = FileTable.Options(allowsAllOrigins: isAllowed)
    options.fields = try rules.map { try FieldRule($0) }
    return try FileTable(root: root.path, options: options)
  }

  @Test("the methods and fields that pages of other origins may send")
  func fields() throws {
    let answer = try #require(ask(try table(), "/static/a.woff2", Self.asking))
    #expect(answer.status == 204 && answer.body == nil)
    #expect(
      answer.fields == [
        "Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Allow-Headers": "*",
        "Access-Control-Max-Age": "86400",
      ]
    )
  }

  @Test("a page of another network gets no permission for the private network")
  func privateNetwork() throws {
    let fields = Self.asking + ["Access-Control-Request-Private-Network: true"]
    let answer = try #require(ask(try table(), "/static/a.woff2", fields))
    #expect(answer.status == 204)
    #expect(answer.fields["Access-Control-Allow-Private-Network"] == nil)
  }

  @Test(
    "only a preflight gets them, and only for a file that is readable cross-origin",
    arguments: [
      (true, [], "/static/a.woff2", 3, "*"), (true, [], "/static/a.woff2", 2, "*"),
      (true, [], "/static/a.woff2", 1, nil), (true, [], "/static/a.woff2", 0, nil),
      (false, [], "/static/a.woff2", 3, nil), (true, [], "/static/none", 3, nil),
      (
        true, ["*.woff2: Access-Control-Allow-Origin: https://a.example"], "/static/a.woff2", 3,
        "https://a.example"
      ),
      (
        true, ["*.woff2: Access-Control-Allow-Origin: https://a.example"], "/static/secret.txt", 3,
        "*"
      ),
      (false, ["*.woff2: Access-Control-Allow-Origin: *"], "/static/a.woff2", 3, "*"),
      (false, ["*.woff2: Access-Control-Allow-Origin: *"], "/static/secret.txt", 3, nil),
    ] as [(Bool, [String], String, Int, String?)]
  )
  func allowed(isAllowed: Bool, rules: [String], path: String, count: Int, origin: String?) throws {
    let table = try table(isAllowed, rules)
    let answer = try #require(ask(table, path, Array(Self.asking.prefix(count))))
    #expect(answer.status == (path.hasSuffix("none") ? 404 : 204))
    #expect(answer.fields["Access-Control-Allow-Origin"] == origin)
    #expect((answer.fields["Access-Control-Allow-Methods"] != nil) == (origin != nil))
    if answer.status == 204 { #expect(answer.fields["Allow"] == "GET, HEAD, OPTIONS") }
  }

  @Test("a framework's request is recognised as a preflight, too")
  func parsed() throws {
    var request = try #require(ParsedRequest(method: "OPTIONS", target: "/static/a.woff2"))
    request.add("origin", "https://app.example")
    request.add("Access-Control-Request-Method", "GET")
    let response = try #require(try table().response(to: request))
    #expect(
      response.fields.contains { $0.name == "Access-Control-Allow-Headers" && $0.value == "*" }
    )
  }
}
