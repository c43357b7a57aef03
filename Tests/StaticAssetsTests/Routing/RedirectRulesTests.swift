import Testing

@testable import StaticAssets

/// Lines of a redirects file.
///
/// Goal: every line is a rule, or is reported with its number and the reason.
@Suite struct RedirectRulesTests {
  @Test(
    "rules",
    arguments: [
      ("/a /b", "/a", "301 /b"), ("/a /b 302", "/a", "302 /b"), ("/a /b 303", "/a/", "303 /b"),
      ("/a /b 307!", "/a", "307 /b"), ("/a\t /b   308 # why", "/a", "308 /b"),
      ("/a /b\r", "/a", "301 /b"),
      ("/ /home", "/", "301 /home"), ("/a/ /b", "/a", "301 /b"),
      ("/caf%C3%A9 /b", "/café", "301 /b"),
      ("/café /thé", "/café", "301 /th%C3%A9"), ("/a /b#c", "/a", "301 /b#c"),
      ("/a /b?c=d", "/a", "301 /b?c=d"),
      ("/a https://example.com", "/a", "301 https://example.com"),
      ("/a https://example.com:8080/b", "/a", "301 https://example.com:8080/b"),
      ("/a http://[::1]:80/b", "/a", "301 http://[::1]:80/b"),
      ("/blog/* /news/:splat", "/blog/x/y", "301 /news/x/y"),
      ("/blog/* /news/:splat", "/blog/", "301 /news/"),
      ("/blog/* /news/:splat", "/blog", "301 /news/"),
      ("/blog/* /news/:splat", "/blogs", nil),
      ("/* https://example.com/:splat", "/x/", "301 https://example.com/x/"),
      ("/u/:id/:tab /users/:id?tab=:tab", "/u/7/a b", "301 /users/7?tab=a%20b"),
      ("/u/:id /users/:id", "/u/7/8", nil), ("/u/:id /users/:id", "/u/", nil),
      ("/u/:id /users/:id", "/u/a&b=c?", "301 /users/a%26b%3Dc%3F"),
      ("/:a/:b/* /:b/:a/:splat", "/1/2/3/4", "301 /2/1/3/4"), ("/a:b /c", "/a:b", "301 /c"),
      ("/d/:y-:m /x", "/d/2024", nil), ("/a /b/<c>", "/a", "301 /b/%3Cc%3E"),
      ("/r/:a/* /:splat/:a", "/r/evil.com/", "301 /evil.com"),
      ("/r/* /:splat/home", "/r/", "301 /home"),
      ("/r/:a /x/:a", "/r/\r\nSet-Cookie: a", "301 /x/%0D%0ASet-Cookie%3A%20a"),
      ("/r/* /:splat", "/r/\\evil.com", "301 /%5Cevil.com"),
    ] as [(String, String, String?)]
  )
  func rules(line: String, path: String, expected: String?) throws {
    if line.contains(":y-:m") {
      #expect(throws: RedirectRules.Malformed.self) { try RedirectRules(Array(line.utf8)) }
      return
    }
    let rules = try RedirectRules(Array(line.utf8)).rules
    let rule = try #require(rules.first)
    #expect(rules.count == 1)
    let values = rule.values(for: Array(path.utf8))
    let location = values.map {
      "\(rule.status.rawValue) " + String(decoding: rule.location($0), as: UTF8.self)
    }
    #expect(location == expected)
  }

  @Test(
    "invalid lines",
    arguments: [
      ("/a", "no target"), ("a /b", "begins with '/'"), ("https://x/a /b", "begins with '/'"),
      ("/a b", "a target is"), ("/a //evil.com/x", "a target is"),
      ("/a /\\evil.com", "a target is"),
      ("/a \\\\evil.com", "a target is"), ("/a javascript:alert(1)", "a target is"),
      ("/a ftp://x/y", "a target is"), ("/a https:///x", "host"), ("/a https://u@x/y", "host"),
      ("/* https://:splat/", "host"), ("/* https://example.com:splat", "host"),
      ("/:h https://:h.example.com/", "host"), ("/a /b 200", "--fallback"),
      ("/a /b 200!", "--fallback"),
      ("/a /b 404", "no status"), ("/a /b 3o1", "no status"), ("/a /b 0301", "no status"),
      ("/a /b 301!!", "no status"), ("/a /b 301 Country=us", "conditions"),
      ("/a id=:id /b/:id 301", "conditions"), ("/a*/b /c", "'*' stands alone"),
      ("/a/*/b /c", "'*' stands alone"),
      ("/a* /c", "'*' stands alone"), ("/a /b/:splat", "has no ':splat'"),
      ("/a/:x /b/:y", "has no ':y'"),
      ("/a/:x/:x /b", "placeholder"), ("/a/: /b", "placeholder"), ("/a/:splat /b", "placeholder"),
      ("/a//b /c", "no request has"), ("/a/../b /c", "no request has"),
      ("/a/%2e%2e/b /c", "no request has"),
      ("/a/%zz /c", "no request has"), ("/a%2Fb /c", "no request has"),
      ("/a\\b /c", "no request has"),
      ("/a?b /c", "no query"), ("/a /b\u{7}", "control character"),
      ("/a /\(String(repeating: "x", count: 2048))", "longer than"),
    ]
  )
  func mistakes(line: String, text: String) throws {
    let error = #expect(throws: RedirectRules.Malformed.self) {
      try RedirectRules(Array("# comment\n\n\(line)\n/fine /too\n".utf8))
    }
    #expect(error?.mistakes.count == 1)
    #expect(error?.mistakes.first?.description.hasPrefix("3: ") == true)
    #expect(error?.mistakes.first?.reason.contains(text) == true, "\(error!.mistakes)")
  }

  @Test("all errors are reported at once, comments and empty lines are skipped")
  func all() throws {
    let text: [UInt8] =
      [0xEF, 0xBB, 0xBF] + Array("#x\r\n \t\n/a /b\n/c\n/d /e 999\n".utf8) + [0x2F, 0xFF, 0x0A]
    let error = #expect(throws: RedirectRules.Malformed.self) { try RedirectRules(text) }
    #expect(error?.mistakes.map(\.line) == [4, 5, 6])
    #expect(try RedirectRules(Array(text[..<16])).count == 1)
    #expect(try RedirectRules([]).count == 0)
  }

  @Test("limits", arguments: [-1, 0, 1])
  func limits(more: Int) throws {
    func text(_ count: Int, _ line: (Int) -> String) -> [UInt8] {
      Array((0..<count).map { line($0) + "\n" }.joined().utf8)
    }
    let exact = text(RedirectRules.countMax + more) { "/\($0) /x" }
    let patterns = text(RedirectRules.patternCountMax + more) { "/\($0)/* /x" }
    let line = Array(
      ("/a /" + String(repeating: "x", count: RedirectRules.lineByteCountMax - 4 + more)).utf8
    )
    for text in [exact, patterns, line] {
      if more <= 0 {
        #expect(throws: Never.self) { try RedirectRules(text) }
      } else {
        let error = #expect(throws: RedirectRules.Malformed.self) { try RedirectRules(text) }
        #expect(error?.mistakes.count == 1)
      }
    }
  }
}
