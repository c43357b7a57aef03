#if Hummingbird
  public import Logging
  public import Mustache
  public import StaticAssets

  extension MustacheLambda {
    /// A section whose text is a file's name and which becomes its URL, hashed if it was collected.
    ///
    /// ```swift
    /// template.render(["static": MustacheLambda.url(of: assets), "title": "Home"])
    /// ```
    /// ```html
    /// <link rel="stylesheet" href="{{#static}}css/app.css{{/static}}">
    /// ```
    ///
    /// The text is taken as it stands in the template, without the white space around it; names in
    /// variables need `LiveTable.url(for:)` in Swift. `/css/app.css` means `css/app.css`.
    ///
    /// A name that no file has, and one whose URL has no hash, is logged as a warning, once for each
    /// release. In development it is an error, and `StaticAssetsMiddleware` answers the request with 500
    /// that says so. The name stays as it is below the first directory's URL path.
    ///
    /// - Parameters:
    ///   - assets: asked when the template is rendered, so a reload counts at once.
    ///   - logger: gets the warnings and errors.
    public static func url(
      of assets: LiveTable,
      logger: Logger = Logger(label: "StaticAssets")
    ) -> MustacheLambda {
      let reference = TemplateReference(assets: assets, logger: logger)
      return MustacheLambda { text in reference.url(for: text) as String }
    }

    /// A section whose text is a file's name and which becomes the value of `integrity` for it;
    /// empty, which browsers take for none, where that is not known.
    ///
    /// - Parameters:
    ///   - assets: as for `url(of:logger:)`.
    ///   - logger: gets names that no file has.
    public static func integrity(
      of assets: LiveTable,
      logger: Logger = Logger(label: "StaticAssets")
    ) -> MustacheLambda {
      let reference = TemplateReference(assets: assets, logger: logger)
      return MustacheLambda { text in reference.integrity(for: text) as String }
    }
  }
#endif
