/// Splits command lines into words as a POSIX shell, or Python's `shlex`, does.
enum ShellWords {
  /// Stands in a word for what only the shell can determine, such as `$(nproc)`.
  static let unknown: Character = "\u{FFFD}"

  /// The words of `text` by the rules of `shlex.split`: quotes and backslashes, no expansion.
  ///
  /// Nil if a quote is not closed.
  static func split(_ text: String) -> [String]? {
    var reader = ShellReader(text, variable: nil)
    return reader.commands().map { $0.flatMap { $0 } }
  }

  /// The simple commands of a script, each as its words.
  ///
  /// They are separated by operators such as `&&`; variables are expanded, redirections are left
  /// out. Nil if a quote is not closed.
  static func commands(_ text: String, variable: @escaping (String) -> String?) -> [[String]]? {
    var reader = ShellReader(text, variable: variable)
    return reader.commands()?.filter { !$0.isEmpty }
  }

  /// `word` quoted so that a shell and `shlex` read it as one word.
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
