internal import StaticAssets
internal import StaticCollector

/// What a report must not replace.
extension CollectOptions {
  /// Adds the configuration of a command, and the Django project in the working directory.
  mutating func keepInputs(of arguments: MergedArguments) {
    if let file = ConfigurationFile.path(arguments.text(.config)) {
      keptFiles.append(("the configuration", BytePath(file)))
    }
    if projectDirectory == nil, DjangoIntrospection.isProject(".") { projectDirectory = "." }
  }

  /// What `staticd collect` would read with the same configuration as a command that reports on the
  /// collected `root`.
  ///
  /// The sources of a Django project are unknown, since it is not asked.
  init(inputsOf arguments: MergedArguments, root: BytePath) throws {
    let layers = try ConfigurationLayers(file: arguments.text(.config))
    let collecting = MergedArguments(.collect, layers.settings(with: [:], of: .collect))
    let place = collecting.place(of: .source)
    // A malformed source is an error of `collect` alone.
    let sources = collecting.texts(.source).compactMap { try? SourceDirectory(argument: $0, place) }
    self.init(sources: sources.map { .directory($0) }, root: root)
    projectDirectory = collecting.text(.django).map { BytePath($0) }
    keepInputs(of: arguments)
  }
}
