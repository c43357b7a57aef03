internal import StaticAssets
internal import StaticCollector

extension CacheOptions {
  /// The cache of compressed results to use; nil with `--no-cache`.
  static func of(_ arguments: MergedArguments) throws -> CacheOptions? {
    let directory = arguments.text(.cache)
    guard arguments.isOn(.noCache) else {
      guard let directory else { return .ofUser }
      var options = CacheOptions(directory: BytePath(directory))
      options.isRequired = true
      return options
    }
    guard directory == nil else {
      throw CommandFailure(
        .usage,
        "\(arguments.places(of: [.cache, .noCache])): give one of them"
      )
    }
    return nil
  }
}
