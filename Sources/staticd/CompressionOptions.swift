internal import ArgumentParser
internal import StaticAssets

/// What is compressed, and to what.
struct CompressionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Codings to compress to: 'br', 'gzip', or 'none'.", valueName: "coding,...")
  )
  var formats = "br,gzip"

  @Option(
    help: ArgumentHelp(
      """
      Extensions of files that are not compressed, instead of those of pictures, films, fonts and \
      archives that WhiteNoise knows; 'none' compresses all.
      """,
      valueName: "ext,..."
    )
  )
  var skipCompress: String?

  @Option(
    help: ArgumentHelp(
      "How many files to compress at a time. (default: one for each processor)",
      valueName: "n"
    )
  )
  var jobs: Int?

  /// The codings, in the order given.
  func codings() throws -> [ContentCoding] {
    guard formats != "none" else { return [] }
    return try formats.split(separator: ",", omittingEmptySubsequences: false).map { name in
      switch name {
      case "br": return .brotli
      case "gzip": return .gzip
      default:
        throw CommandFailure(.usage, "--formats '\(formats)': give 'br', 'gzip' or 'none'")
      }
    }
  }

  /// The endings that are not compressed; nil for WhiteNoise's.
  func skippedExtensions() throws -> [String]? {
    guard let skipCompress else { return nil }
    guard skipCompress != "none" else { return [] }
    let extensions = skipCompress.split(separator: ",", omittingEmptySubsequences: false)
    guard extensions.allSatisfy({ !$0.drop { $0 == "." }.isEmpty && !$0.contains("/") }) else {
      throw CommandFailure(
        .usage,
        "--skip-compress '\(skipCompress)': give extensions such as 'png,zip', or 'none'"
      )
    }
    return extensions.map(String.init)
  }

  /// How many files to compress at a time; nil for one for each processor.
  func jobCount() throws -> Int? { try JobCount.checked(jobs) }
}
