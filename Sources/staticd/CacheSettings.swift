internal import ArgumentParser
internal import StaticAssets
internal import StaticCollector

/// The options of the cache of earlier runs' results.
struct CacheSettings: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Where compressed results are kept from run to run, at most 512 MiB; runs may share it, and \
      it may be deleted at any time. (default: $XDG_CACHE_HOME/staticd or ~/.cache/staticd)
      """,
      valueName: "dir"
    )
  )
  var cache: String?

  @Flag(help: "Keep nothing from run to run, and use nothing of earlier ones.")
  var noCache = false

  /// The cache that was asked for; nil for none.
  func options() throws -> CacheOptions? {
    guard !(noCache && cache != nil) else {
      throw CommandFailure(.usage, "--cache and --no-cache: give one of them")
    }
    guard !noCache else { return nil }
    if let cache {
      guard !cache.isEmpty else { throw CommandFailure(.usage, "--cache '': give a directory") }
      var options = CacheOptions(directory: FilePath(cache))
      options.isRequired = true
      return options
    }
    return .ofUser
  }
}
