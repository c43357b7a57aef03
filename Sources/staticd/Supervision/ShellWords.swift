/// Command lines as text: the words that a POSIX shell, or Python's `shlex`, makes of them.
enum ShellWords {
  /// Stands in a word for what only the shell can find out, such as `$(nproc)`.
  static let unknown: Character = "\u{FFFD}"

  /// The words of `text` by the rules of `shlex.split`: quotes and backslashes, no expansion.
  ///
  /// Nil when a quote is not closed.
  static func split(_ text: String) -> [String]? {
    var reader = ShellReader(text, variable: nil)
    return reader.commands().map { $0.flatMap { $0 } }
  }

  /// The simple commands of the script `text`, each as its words: operators such as `&&` stand
  /// between them, variables are expanded, redirections are left out.
  ///
  /// Nil when a quote is not closed.
  static func commands(_ text: String, variable: @escaping (String) -> String?) -> [[String]]? {
    var reader = ShellReader(text, variable: variable)
    return reader.commands()?.filter { !$0.isEmpty }
  }

  /// A text that both read as the one word `word`.
  static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
          || "@%+=:,./-_".unicodeScalars.contains($0))
    }
    if isPlain, !word.isEmpty { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\"'\"'")
      + "'"
  }
}
