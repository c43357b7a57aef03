public import StaticAssets

/// The static files configuration of a Django project, as read by the project's own Python.
public struct DjangoProject: Sendable {
  /// Whether the settings module was given in the request.
  var hasNamedSettings = false
  /// The directory of its `manage.py`.
  var directory: BytePath = ""
  /// The Python that was run; empty if the project's own process answered.
  public internal(set) var python = ""
  /// The version of Django.
  public internal(set) var version = ""
  /// The settings module; empty for settings that are configured in code.
  public internal(set) var settings = ""
  /// The class of the staticfiles storage.
  public internal(set) var storage = ""
  /// STATIC_ROOT, absolute; nil if it is not set.
  public internal(set) var root: BytePath?
  /// STATIC_URL as the project sees it.
  public internal(set) var staticURL = ""
  /// What its finders list, in their order.
  public internal(set) var sources: [CollectSource] = []
  /// The patterns of names that are not collected, including those of the request.
  public internal(set) var ignored: [String] = []
  /// Whether the storage names files by their content, as ManifestStaticFilesStorage does.
  public internal(set) var hashesNames = false
  /// The storage's `support_js_module_import_aggregation`.
  public internal(set) var rewritesModules = false
  /// WHITENOISE_KEEP_ONLY_HASHED_FILES, if the storage is WhiteNoise's.
  public internal(set) var keepsOnlyHashed = false
  /// What the site writes: MEDIA_ROOT, and databases in a file.
  package internal(set) var data: [BytePath] = []
  /// WHITENOISE_SKIP_COMPRESS_EXTENSIONS; nil if it is not set.
  public internal(set) var skippedExtensions: [String]?
  /// FILE_UPLOAD_PERMISSIONS; nil for the default of the umask.
  public internal(set) var fileMode: UInt32?
  /// FILE_UPLOAD_DIRECTORY_PERMISSIONS; nil for the default of the umask.
  public internal(set) var directoryMode: UInt32?
  /// The settings that affect requests, as options of `staticd serve`.
  ///
  /// Empty for the purpose of finding files.
  public internal(set) var servingOptions: [ServingOption] = []
  /// Settings that a server of its files does not support.
  var servingWarnings: [String] = []
  /// The files and variables that its settings depend on; empty if they are unknown.
  var settingsInputs = SettingsInputs()
  /// The files that its finders return for the requested names.
  public internal(set) var found: [FoundFile] = []
  /// Messages of Django's system checks that do not prevent collecting.
  public internal(set) var warnings: [String] = []
  /// What the project printed meanwhile.
  public internal(set) var printed = ""
}
