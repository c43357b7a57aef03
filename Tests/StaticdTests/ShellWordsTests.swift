import Testing

@testable import staticd

/// Shell words as parsed by `shlex` and a shell.
@Suite struct ShellWordsTests {
  @Test(
    "as shlex does",
    arguments: [
      ("", []), ("  ", []), ("a b", ["a", "b"]), ("a  'b c'", ["a", "b c"]), ("''", [""]),
      ("a\"b c\"d", ["ab cd"]), ("a\\ b", ["a b"]), ("\"a\\\"b\"", ["a\"b"]),
      ("\"a\\nb\"", ["a\\nb"]), ("'a\\b'", ["a\\b"]), ("$A;b>c&#d", ["$A;b>c&#d"]),
      ("a\nb", ["a", "b"]),
    ] as [(String, [String])]
  )
  func split(text: String, expected: [String]) {
    #expect(ShellWords.split(text) == expected)
  }

  @Test("a quote that is not closed", arguments: ["'a", "\"a", "a 'b\" c"])
  func open(text: String) {
    #expect(ShellWords.split(text) == nil)
    #expect(ShellWords.commands(text) { _ in nil } == nil)
  }

  @Test(
    "quoted words are read back unchanged",
    arguments: ["", "a", "a b", "a'b", "*", "$x", "a:/b-c_"]
  )
  func quoted(word: String) {
    #expect(ShellWords.split(ShellWords.quoted(word)) == [word])
  }

  @Test(
    "the commands of a script",
    arguments: [
      ("a b && c; d | e & f", [["a", "b"], ["c"], ["d"], ["e"], ["f"]]),
      ("(a b)\nc", [["a", "b"], ["c"]]), ("a >out 2>&1 b", [["a", "b"]]),
      ("a 2>/dev/null", [["a"]]),
      ("a <in >>out", [["a"]]), ("a # b c", [["a"]]), ("a#b", [["a#b"]]),
      ("a $ONE ${ONE}x \"$TWO\" $TWO", [["a", "1", "1x", "2 3", "2", "3"]]),
      ("a '$ONE' \\$ONE $NONE b", [["a", "$ONE", "$ONE", "b"]]),
      ("a ${NONE:-x y} \"${NONE-z}\" ${ONE:-w}", [["a", "x", "y", "z", "1"]]),
      ("a $(b c) d", [["a", "\u{FFFD}", "d"]]),
      ("a `b` \"$(c)\"", [["a", "\u{FFFD}", "\u{FFFD}"]]),
      ("a \\\n b", [["a", "b"]]), ("a 5$", [["a", "5$"]]), ("A=1 b", [["A=1", "b"]]),
    ] as [(String, [[String]])]
  )
  func commands(text: String, expected: [[String]]) {
    let commands = ShellWords.commands(text) { ["ONE": "1", "TWO": "2 3"][$0] }
    #expect(commands == expected)
  }
}
