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
    let isCompressing = arguments.command == .compress
    let names = formats.split(separator: ",", omittingEmptySubsequences: false)
    return try names.compactMap { name in
      switch name {
      case "br": return .brotli
      case "gzip": return .gzip
      case "dcz" where isCompressing:
        // A file or the environment names the formats of all commands.
        guard arguments.origin(of: .formats) == nil else { return nil }
        let reason = "'dcz' needs earlier releases and is for collect; give 'br', 'gzip' or 'none'"
        throw arguments.failure(.formats, formats, reason)
      case "dcz": return .dictionaryZstandard
      default:
        // A file may have the formats of both commands: their errors are one.
        let isOwn = isCompressing && arguments.origin(of: .formats) == nil
        let known = isOwn ? "'br', 'gzip' or 'none'" : "'br', 'gzip', 'dcz' or 'none'"
        throw arguments.failure(.formats, formats, "give \(known)")
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
