internal import StaticAssets

extension ImmutableNames {
  /// What `--immutable` says, in collecting and in serving.
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
