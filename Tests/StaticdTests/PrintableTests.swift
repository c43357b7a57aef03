import Testing

@testable import staticd

/// Diagnostics with characters that would change a terminal.
@Suite struct PrintableTests {
  @Test(
    "control and formatting characters are escaped",
    arguments: [
      ("plain é 日本", "plain é 日本"), ("a\nb", #"a\nb"#), ("a\u{1B}[0m", #"a\u{1B}[0m"#),
      ("a\u{7F}", #"a\u{7F}"#), ("a\u{9B}31m", #"a\u{009B}31m"#), ("a\u{202E}b", #"a\u{202E}b"#),
      ("\u{2066}", #"\u{2066}"#), ("a\tb", #"a\tb"#), ("a\r", #"a\r"#), ("a\u{0}", #"a\0"#),
    ]
  )
  func escapes(text: String, expected: String) {
    #expect(text.printable == expected)
  }
}
