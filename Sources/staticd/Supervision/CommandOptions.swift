/// Options of a program's command line, as argparse, click and getopt read them.
struct CommandOptions {
  /// An option that takes a value, in all its spellings.
  struct Option: Equatable {
    /// `-b`; nil for none.
    var short: String?
    /// `--bind`.
    let long: String
    /// The shortest abbreviation of `long` that the program takes for it.
    var shortest: String?

    init(_ short: String, _ long: String, shortest: String? = nil) {
      self.short = short
      self.long = long
      self.shortest = shortest
    }

    init(_ long: String, shortest: String? = nil) {
      self.long = long
      self.shortest = shortest
    }
  }

  /// One value that was given, and as what.
  struct Given: Equatable {
    let spelling: String
    let value: String
  }

  /// The words behind the program's name.
  let arguments: [String]

  init(_ arguments: [String]) {
    self.arguments = arguments
  }

  /// Every value of `option`, in order.
  func all(_ option: Option) -> [Given] {
    ranges(option).map(\.given)
  }

  /// The value of `option` that counts: the last one.
  func last(_ option: Option) -> String? { all(option).last?.value }

  /// Whether one of `names`, which take no value, was given.
  func hasSwitch(_ names: String...) -> Bool { arguments.contains { names.contains($0) } }

  /// The arguments without `option` and its values.
  func removing(_ option: Option) -> [String] {
    let removed = Set(ranges(option).flatMap { Array($0.range) })
    return arguments.indices.filter { !removed.contains($0) }.map { arguments[$0] }
  }

  /// The words that are neither options nor values of `valued`, which are all options with values.
  func positionals(valued: [Option]) -> [String] {
    let taken = Set(valued.flatMap { ranges($0) }.flatMap { Array($0.range) })
    return arguments.indices.filter { !taken.contains($0) && !arguments[$0].hasPrefix("-") }
      .map { arguments[$0] }
  }

  private func ranges(_ option: Option) -> [(range: Range<Int>, given: Given)] {
    var found: [(range: Range<Int>, given: Given)] = []
    var index = 0
    while index < arguments.count, arguments[index] != "--" {
      let match = value(of: option, at: index)
      if let match { found.append((index..<(index + match.wordCount), match.given)) }
      index += match?.wordCount ?? 1
    }
    return found
  }

  private func value(of option: Option, at index: Int) -> (given: Given, wordCount: Int)? {
    let word = arguments[index]
    let name = String(word.prefix { $0 != "=" })
    let isLong = name == option.long || option.isAbbreviated(name)
    if isLong, name.count < word.count {
      return (Given(spelling: option.long, value: String(word.dropFirst(name.count + 1))), 1)
    }
    if isLong || word == option.short {
      let isLast = index + 1 >= arguments.count
      let spelling = isLong ? option.long : word
      return (Given(spelling: spelling, value: isLast ? "" : arguments[index + 1]), isLast ? 1 : 2)
    }
    if let short = option.short, word.hasPrefix(short), !word.hasPrefix("--") {
      let value = word.dropFirst(short.count)
      // click reads `-b=x` as `x`, argparse too.
      return (Given(spelling: short, value: String(value.drop { $0 == "=" })), 1)
    }
    return nil
  }
}

extension CommandOptions.Option {
  fileprivate func isAbbreviated(_ name: String) -> Bool {
    guard let shortest else { return false }
    return name.hasPrefix(shortest) && long.hasPrefix(name)
  }
}
