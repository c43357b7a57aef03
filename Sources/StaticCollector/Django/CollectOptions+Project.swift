public import StaticAssets

extension CollectOptions {
  /// The options with which `manage.py collectstatic` would run in a Django project.
  ///
  /// - Parameters:
  ///   - project: the result of ``DjangoIntrospection/ask(onWait:)`` for the purpose of collecting.
  ///   - root: where to collect to instead of the project's STATIC_ROOT.
  /// - Throws: `usage` if the project has no STATIC_ROOT and `root` is nil, or if its Django cannot
  ///   read the manifest.
  public init(_ project: DjangoProject, root: BytePath? = nil) throws(CollectError) {
    guard let root = root ?? project.root else {
      throw .usage("STATIC_ROOT is not set; set it in the settings, or name a root")
    }
    self.init(sources: project.sources, root: root, staticURL: project.staticURL)
    guard let rules = DjangoRules(version: project.version) else {
      throw .usage(
        "the project's Django \(project.version) cannot read the manifest of staticd (version 1.1); "
          + "Django \(DjangoRules.allCases[0].rawValue) can"
      )
    }
    self.rules = rules
    servingRecord = ServingRecord(project, root: root)
    if !project.directory.isEmpty {
      keptFiles.append(("the Django project", project.directory))
      projectDirectory = project.directory
      settingsFiles = project.settingsInputs.paths(in: project.directory)
    }
    keptFiles += project.data.map { ("data of the site", $0) }
    ignored = IgnorePatterns(project.ignored)
    postProcesses = project.hashesNames
    rewritesModules = project.rewritesModules
    keepsOnlyHashed = project.hashesNames && project.keepsOnlyHashed
    skippedExtensions = project.skippedExtensions
    fileMode = project.fileMode
    directoryMode = project.directoryMode
  }
}
