/// A program that starts another program, which is given after its own options.
///
/// Only the listed options are understood: after any other, it is not certain which word is the
/// program.
struct Launcher {
  let names: [String]
  /// The subcommands of which one must precede the program; empty for none.
  let subcommands: [String]
  /// Whether each option takes a value.
  private let options: [String: Bool]
  /// The number of words between the options and the program, such as a user.
  let operandCount: Int
  /// Whether variables, `NAME=VALUE`, may precede the program.
  let takesAssignments: Bool
  /// Whether the program must follow `--`.
  let needsDashes: Bool
  /// The options whose value is the directory of the program.
  private let directoryOptions: [String]

  /// - Parameter options: the options, each with a colon at its end if it takes a value.
  init(
    _ names: String,
    _ subcommands: [String] = [],
    options: String = "",
    operandCount: Int = 0,
    takesAssignments: Bool = false,
    needsDashes: Bool = false,
    directory: String = ""
  ) {
    self.names = names.split(separator: " ").map(String.init)
    self.subcommands = subcommands
    self.options = options.split(separator: " ").reduce(into: [:]) { known, option in
      let takesValue = option.hasSuffix(":")
      known[String(takesValue ? option.dropLast() : option)] = takesValue
    }
    self.operandCount = operandCount
    self.takesAssignments = takesAssignments
    self.needsDashes = needsDashes
    directoryOptions = directory.split(separator: " ").map(String.init)
  }

  /// The program that a command line starts.
  struct Started: Equatable {
    /// The index of its first word, which may be a variable.
    let index: Int
    /// The directory in which it is started, if the options set it.
    var directory: String?
  }

  /// The program after the launcher's name, whose next word is at `start`; nil if it is uncertain.
  func started(in words: [String], from start: Int) -> Started? {
    if needsDashes { return Self.behindDashes(words, start) }
    guard var found = behindOptions(words, start) else { return Self.behindDashes(words, start) }
    if !subcommands.isEmpty {
      guard let end = subcommandEnd(words, found.index) else { return nil }
      guard let last = behindOptions(words, end) else { return Self.behindDashes(words, end) }
      found = Started(index: last.index, directory: last.directory ?? found.directory)
    }
    let index = found.index + operandCount
    return index < words.count ? Started(index: index, directory: found.directory) : nil
  }

  private static func behindDashes(_ words: [String], _ start: Int) -> Started? {
    guard let dashes = words[start...].firstIndex(of: "--"), dashes + 1 < words.count else {
      return nil
    }
    return Started(index: dashes + 1)
  }

  private func subcommandEnd(_ words: [String], _ index: Int) -> Int? {
    for subcommand in subcommands {
      let parts = subcommand.split(separator: " ").map(String.init)
      if words[index...].starts(with: parts) { return index + parts.count }
    }
    return nil
  }

  /// The first word that is not an option; nil after an unknown one.
  private func behindOptions(_ words: [String], _ start: Int) -> Started? {
    var found = Started(index: start)
    var index = start
    while index < words.count, words[index].hasPrefix("-"), words[index] != "--" {
      guard let count = wordCount(of: words[index]) else { return nil }
      if let directory = directory(words, index, count) { found.directory = directory }
      // An option without its value is the last word.
      index = min(index + count, words.count)
    }
    if index < words.count, words[index] == "--" { index += 1 }
    return Started(index: index, directory: found.directory)
  }

  /// The number of words of the option `word`; nil if it is unknown.
  private func wordCount(of word: String) -> Int? {
    if let takesValue = options[word] { return takesValue ? 2 : 1 }
    if word == "-" { return 1 }
    if word.hasPrefix("--") { return word.contains("=") ? 1 : nil }
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let takesValue = options["-\(letter)"] else { return nil }
      if takesValue { return letters.isEmpty ? 2 : 1 }
    }
    return 1
  }

  private func directory(_ words: [String], _ index: Int, _ count: Int) -> String? {
    let word = words[index]
    for option in directoryOptions {
      if word == option, count == 2, index + 1 < words.count { return words[index + 1] }
      if word.hasPrefix("\(option)=") { return String(word.dropFirst(option.count + 1)) }
      if !option.hasPrefix("--"), word.hasPrefix(option), word != option {
        return String(word.dropFirst(option.count))
      }
    }
    return nil
  }
}
