mail-mark = [{ $world }]{" "}
mail-subject = [{ $tlp }] { $title }
mail-phone = Telephone { $phone }
mail-footer = Opening this mail accepts nothing on your behalf.
