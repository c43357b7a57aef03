import Testing

@testable import StaticAssets

/// Patterns for paths.
///
/// Goal: the results of Python's `fnmatch.fnmatchcase`; `*` and `?` also match slashes.
@Suite struct GlobTests {
  @Test(
    "matching names",
    arguments: [
      ("*", "", true), ("*", "a/b.c", true), ("*.css", "a.css", true), ("*.css", "d/a.css", true),
      ("*.css", "a.css.map", false), ("*.css", "A.CSS", false), ("a?c", "abc", true),
      ("a?c", "a/c", true), ("a?c", "ac", false), ("?", "\u{2713}", true), ("", "", true),
      ("", "a", false), ("d/*", "d/e/f", true), ("d/*", "d", false), ("[ab].js", "b.js", true),
      ("[!ab].js", "b.js", false), ("[a-c].js", "b.js", true), ("[c-a].js", "b.js", false),
      ("[]].js", "].js", true), ("[ab.js", "[ab.js", true), ("a*b*c", "axxbxxbxc", true),
      ("a*b*c", "axxbxx", false), ("**", "a", true), ("a.css", "b/a.css", false),
    ]
  )
  func matches(pattern: String, name: String, expected: Bool) {
    #expect(Glob(Array(pattern.utf8)).matches(BytePath(name)) == expected)
  }

  @Test("a byte that is not UTF-8 is one character")
  func notUTF8() {
    #expect(Glob(Array("a?".utf8)).matches(BytePath([0x61, 0xFF])))
    #expect(!Glob(Array("a??".utf8)).matches(BytePath([0x61, 0xFF])))
    #expect(Glob([0xFF]).matches(BytePath([0xFF])))
  }
}
