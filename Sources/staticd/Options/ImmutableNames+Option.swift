internal import StaticAssets

extension ImmutableNames {
  /// The values of `--immutable`, for collecting and serving.
  static func all(of arguments: MergedArguments) throws -> [ImmutableNames] {
    try arguments.texts(.immutable).map { text in
      switch text {
      case "": throw arguments.failure(.immutable, "", "give a pattern, 'vite' or 'webpack'")
      case "vite": .vite
      case "webpack": .webpack
      default: .glob(text)
      }
    }
  }
}
