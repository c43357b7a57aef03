/// The options on a program's command line, as argparse, click and getopt parse them.
struct CommandOptions {
  /// An option that takes a value, in all its spellings.
  struct Option: Equatable {
    /// `-b`; nil for none.
    var short: String?
    /// `--bind`.
    let long: String
    /// The shortest abbreviation of `long` that the program accepts.
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

  /// A value that was given, and the spelling of its option.
  struct Given: Equatable {
    let spelling: String
    let value: String
  }

  /// The words after the program's name.
  let arguments: [String]
  /// The short options without a value, which may precede another one in the same word.
  private let switches: String

  /// - Parameter switches: the letters of the program's short options without a value, such as `R`
  ///   for `-R`: then `-Rb` is `-R -b`.
  init(_ arguments: [String], switches: String = "") {
    self.arguments = arguments
    self.switches = switches
  }

  /// Every value of `option`, in order.
  func all(_ option: Option) -> [Given] {
    ranges(option).map(\.given)
  }

  /// The effective value of `option`: the last one.
  func last(_ option: Option) -> String? { all(option).last?.value }

  /// Whether one of `names`, which take no value, is given.
  func hasSwitch(_ names: String...) -> Bool { names.contains { hasSwitch(Option($0)) } }

  /// Whether `option`, which takes no value, is given.
  func hasSwitch(_ option: Option) -> Bool {
    arguments.prefix { $0 != "--" }.contains { word in
      if word == option.long || word == option.short || option.isAbbreviated(word) { return true }
      guard let letter = option.letter else { return false }
      return cluster(word, letter) != nil
    }
  }

  /// The arguments without `option` and its values.
  func removing(_ option: Option) -> [String] {
    let found = ranges(option)
    let removed = Set(found.flatMap { Array($0.range) })
    return arguments.indices.flatMap { index in
      if !removed.contains(index) { return [arguments[index]] }
      // Of `-Rb x`, `-R` stays.
      guard let letter = option.letter, found.contains(where: { $0.range.lowerBound == index }),
        cluster(arguments[index], letter) != nil
      else { return [] }
      let kept = arguments[index].prefix { $0 != letter }
      return kept == "-" ? [] : [String(kept)]
    }
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
    if isLong {
      let isLast = index + 1 >= arguments.count
      return (
        Given(spelling: option.long, value: isLast ? "" : arguments[index + 1]), isLast ? 1 : 2
      )
    }
    guard let letter = option.letter, let value = cluster(word, letter) else { return nil }
    let spelling = "-\(letter)"
    if !value.isEmpty {
      // click and argparse read `-b=x` as `x`.
      return (Given(spelling: spelling, value: String(value.drop { $0 == "=" })), 1)
    }
    let isLast = index + 1 >= arguments.count
    return (Given(spelling: spelling, value: isLast ? "" : arguments[index + 1]), isLast ? 1 : 2)
  }

  /// What follows `letter` in a word of short options; nil if the word does not have that option.
  private func cluster(_ word: String, _ letter: Character) -> Substring? {
    guard word.hasPrefix("-"), !word.hasPrefix("--") else { return nil }
    let letters = word.dropFirst()
    let rest = letters.drop { $0 != letter && switches.contains($0) }
    return rest.first == letter ? rest.dropFirst() : nil
  }
}

extension CommandOptions.Option {
  /// The letter of its short form, or of an option that has only that.
  fileprivate var letter: Character? {
    let name = short ?? long
    return name.hasPrefix("--") || name.count != 2 ? nil : name.last
  }

  fileprivate func isAbbreviated(_ name: String) -> Bool {
    guard let shortest else { return false }
    return name.hasPrefix(shortest) && long.hasPrefix(name)
  }
}
