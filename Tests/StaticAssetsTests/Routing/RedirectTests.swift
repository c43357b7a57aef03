import TestSupport
import Testing

@testable import StaticAssets

/// Redirects of the operator, as responses.
///
/// Goal: the right rule with the query kept; no request leads to another host or adds a field.
@Suite struct RedirectTests {
  private let site = TemporaryDirectory()

  private func table(_ rules: String) throws -> FileTable {
    site.write("file", to: "file.txt")
    var options = FileTable.Options()
    options.redirects = try RedirectRules(Array(rules.utf8))
    return try FileTable(mounts: [.init(site.path, at: "/", kind: .public)], options: options)
  }

  private static let rules = """
    /old /new
    /old /second
    /file.txt /shadowed
    /q /target?a=b
    /f /target#part
    /slash /slash/
    /p/exact /e
    /p/* /splat/:splat
    /p/late /never
    /all/:name /one/:name 307
    /all/* https://example.com/:splat 302
    /r/* /:splat
    """

  @Test(
    "rules in order, with the query",
    arguments: [
      ("/old", "301 /new"), ("/old/", "301 /new"), ("/old?a=/b&c", "301 /new?a=/b&c"),
      ("/old?", "301 /new?"),
      ("/file.txt", "200"), ("/q?x", "301 /target?a=b"),
      ("/old?é", "301 /new?%C3%A9"), ("/f?x=1", "301 /target?x=1#part"),
      ("/slash", "301 /slash/"), ("/slash/", "nil"), ("/p/exact", "301 /e"),
      ("/p/late", "301 /splat/late"),
      ("/p/a%20b?q", "301 /splat/a%20b?q"), ("/p", "301 /splat/"), ("/all/x", "307 /one/x"),
      ("/all/x/y", "302 https://example.com/x/y"), ("/all/", "302 https://example.com/"),
      ("/none", "nil"), ("/OLD", "nil"), ("/%6Fld", "301 /new"),
      // Ambiguous: no redirect, whatever the values are.
      ("/r//evil.com", "nil"), ("/r/%2Fevil.com", "nil"), ("/r/%2f%2fevil.com/", "nil"),
      ("/r/%5Cevil.com", "nil"), ("/r/\\evil.com", "nil"), ("/r/..%2f/evil.com", "nil"),
      ("/r/./x", "nil"),
      ("//r/evil.com", "nil"), ("/r/%00", "nil"), ("/r/%zz", "nil"), ("/r/../x", "nil"),
      // Unambiguous, and encoded.
      ("/r/evil.com", "301 /evil.com"), ("/r/%0d%0aX:y", "301 /%0D%0AX%3Ay"),
      ("/r/%3Fq%23f", "301 /%3Fq%23f"),
      ("/r/.well-known/x", "301 /.well-known/x"), ("/r/%E2%9C%93", "301 /%E2%9C%93"),
      ("/r/%ff", "301 /%FF"),
    ]
  )
  func answers(path: String, expected: String) throws {
    let table = try table(Self.rules)
    for method in ["GET", "HEAD", "POST"] {
      let answer = table.ask(path, method: method)
      let text = answer.map { answer in
        "\(answer.status)" + (answer.fields["Location"].map { " \($0)" } ?? "")
      }
      #expect(
        text ?? "nil" == (path == "/file.txt" && method == "POST" ? "405" : expected),
        "\(method)"
      )
      guard let location = answer?.fields["Location"] else { continue }
      #expect(answer?.fields["Content-Length"] == "0")
      #expect(answer?.fields["Cache-Control"] == "max-age=60, public")
      #expect(!location.hasPrefix("//") && !location.contains("\\"))
    }
  }

  @Test("no spelling of a path redirects to another host")
  func noOpenRedirect() throws {
    let table = try table("/r/* /:splat\n/s/:a/* /:splat/:a\n/t/:a /:a/:a\n")
    let parts = [
      "", "/", "\\", "%2F", "%2f", "%5C", "%09", "%0d%0a", "evil.com", ".", "..", "%2e", ":", "@",
      "a",
    ]
    for prefix in ["/r/", "/s/", "/t/"] {
      for first in parts {
        for second in parts {
          for third in ["", "/", "evil.com", "%2F"] {
            let path = prefix + first + second + third
            guard let location = table.ask(path)?.fields["Location"] else { continue }
            let start = Array(location.utf8.prefix(2))
            #expect(start.first == UInt8(ascii: "/"), "\(path) \(location)")
            #expect(start.count < 2 || start[1] != UInt8(ascii: "/"), "\(path) \(location)")
            #expect(!location.utf8.contains { $0 < 0x21 || $0 == 0x5C }, "\(path) \(location)")
          }
        }
      }
    }
  }

  @Test(
    "redirect cycles are rejected",
    arguments: [
      ("/a /b\n/b /a", [1, 2]), ("/a /b\n/b /c\n/c /b", [1, 2, 3]),
      ("/a/* /b/:splat\n/b/* /a/:splat", [1, 2]),
      ("/a/* /a/b/:splat", [1]), ("/* /en/:splat", [1]), ("/a /b\n/* /a", [1, 2]),
      ("/a/:x /b/:x\n/b/:y /a/:y", [1, 2]), ("/:a/:b /:b/:a", [1]), ("/:a/x/:b /:b/x/:a", [1]),
      ("/:a/:b/:c /:b/:c/:a", [1]), ("/:a/:b /:a", []),
      ("/a /a/", []), ("/a/ /a", []), ("/* /down", []), ("/a /b\n/b /c", []),
      ("/a https://x/a", []),
      ("/a /file.txt\n/file.txt /a", []), ("/a /file.txt\n/file.txt /a 301!", [1, 2]),
      ("/a /a?x", []), ("/old/* /new/:splat\n/new/x /y", []),
    ] as [(String, [Int])]
  )
  func loops(rules: String, lines: [Int]) throws {
    do {
      _ = try table(rules)
      #expect(lines.isEmpty)
    } catch let error as AssetError {
      guard error.code == .invalidOption, case .redirects(let mistakes) = error.subject else {
        throw error
      }
      #expect(mistakes.map(\.line) == lines)
    }
  }

  @Test("a query too long for a head is dropped, and a redirect for a path too long is not sent")
  func long() throws {
    let table = try table(Self.rules)
    func location(_ target: String) -> String? {
      let bytes = Array("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
      var head = RequestHead()
      let limits = RequestLimits(headBytesMax: 65536, targetBytesMax: 65536)
      _ = RequestHeadParser.parse(bytes.span, limits: limits, into: &head)
      guard case .redirect(let rule)? = table.plan(for: head, in: bytes.span)?.completion else {
        return nil
      }
      return String(
        decoding: table.location(ofRedirect: rule, for: head, in: bytes.span),
        as: UTF8.self
      )
    }
    let query = String(repeating: "q", count: FileTable.locationByteCountMax - 5)
    #expect(location("/old?\(query)")?.count == FileTable.locationByteCountMax)
    #expect(location("/old?\(query)q") == "/new")
    #expect(location("/p/" + String(repeating: "x", count: 4000))?.count == 4007)
    #expect(location("/p/" + String(repeating: "x", count: 5000))?.count == 5007)
    #expect(location("/p/" + String(repeating: "$", count: 5000))?.count == 15_007)
    #expect(location("/p/" + String(repeating: "$", count: 6000)) == nil)
  }
}
