internal import StaticAssets

/// The options for compression.
struct CodingOptions {
  /// The codings, in the order given.
  let codings: [ContentCoding]
  /// The extensions that are not compressed; nil for WhiteNoise's.
  let skippedExtensions: [String]?
  /// How many files are compressed at a time; nil for one per processor.
  let jobs: Int?
  /// The memory limit of compression, in bytes; nil for the default.
  let memory: Int?

  init(_ arguments: MergedArguments) throws {
    var mistakes = Mistakes()
    let codings = try mistakes.reading { try Self.codings(arguments) }
    let skipped = try mistakes.reading { try Self.skippedExtensions(arguments) }
    try mistakes.refuse()
    self.codings = codings ?? []
    skippedExtensions = skipped ?? nil
    jobs = arguments.number(.jobs)
    memory = arguments.number(.memory)
  }

  private static func codings(_ arguments: MergedArguments) throws -> [ContentCoding] {
    guard let formats = arguments.text(.formats), formats != "none" else { return [] }
    return try formats.split(separator: ",", omittingEmptySubsequences: false).map { name in
      switch name {
      case "br": return .brotli
      case "gzip": return .gzip
      case "dcz": return .dictionaryZstandard
      default: throw arguments.failure(.formats, formats, "give 'br', 'gzip', 'dcz' or 'none'")
      }
    }
  }

  private static func skippedExtensions(_ arguments: MergedArguments) throws -> [String]? {
    guard let text = arguments.text(.skipCompress) else { return nil }
    guard text != "none" else { return [] }
    let extensions = text.split(separator: ",", omittingEmptySubsequences: false)
    guard extensions.allSatisfy({ !$0.drop { $0 == "." }.isEmpty && !$0.contains("/") }) else {
      throw arguments.failure(
        .skipCompress,
        text,
        "give extensions such as 'png,zip', or 'none'"
      )
    }
    return extensions.map(String.init)
  }
}
