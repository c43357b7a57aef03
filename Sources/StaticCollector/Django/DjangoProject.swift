public import StaticAssets

/// What a Django project says of its static files, asked in the project itself.
public struct DjangoProject: Sendable {
  /// Whether its settings module was named in the question.
  var hasNamedSettings = false
  /// The directory of its `manage.py`.
  var directory: BytePath = ""
  /// The Python that was asked; empty where the project's own process has answered.
  public internal(set) var python = ""
  /// The version of Django.
  public internal(set) var version = ""
  /// The settings module; empty for settings that are made in code.
  public internal(set) var settings = ""
  /// The class of the staticfiles storage.
  public internal(set) var storage = ""
  /// STATIC_ROOT, absolute; nil when it is not set.
  public internal(set) var root: BytePath?
  /// STATIC_URL as the project sees it.
  public internal(set) var staticURL = ""
  /// What its finders list, in their order.
  public internal(set) var sources: [CollectSource] = []
  /// The patterns of names that are not collected, those that were asked for included.
  public internal(set) var ignored: [String] = []
  /// Whether the storage names files by their content, as ManifestStaticFilesStorage does.
  public internal(set) var hashesNames = false
  /// The storage's `support_js_module_import_aggregation`.
  public internal(set) var rewritesModules = false
  /// WHITENOISE_KEEP_ONLY_HASHED_FILES, where the storage is WhiteNoise's.
  public internal(set) var keepsOnlyHashed = false
  /// WHITENOISE_SKIP_COMPRESS_EXTENSIONS; nil when it is not set.
  public internal(set) var skippedExtensions: [String]?
  /// FILE_UPLOAD_PERMISSIONS; nil for what the umask leaves.
  public internal(set) var fileMode: UInt32?
  /// FILE_UPLOAD_DIRECTORY_PERMISSIONS; nil for what the umask leaves.
  public internal(set) var directoryMode: UInt32?
  /// What decides about requests: options of `staticd serve`.
  ///
  /// None where files are looked for.
  public internal(set) var servingOptions: [ServingOption] = []
  /// What a server of its files cannot do as the settings say.
  var servingWarnings: [String] = []
  /// What its settings were made of; empty where that cannot be told.
  var settingsInputs = SettingsInputs()
  /// What its finders find for the names that were asked for.
  public internal(set) var found: [FoundFile] = []
  /// What Django's own checks have to say that does not keep it from collecting.
  public internal(set) var warnings: [String] = []
  /// What the project printed meanwhile.
  public internal(set) var printed = ""
}
