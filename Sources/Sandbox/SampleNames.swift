// SPDX-License-Identifier: Apache-2.0

/// Names out of which invented people are made, with every letter that Turkish adds to Latin.
enum SampleNames {
    static let given = words(
        """
        Elif Bora Deniz Selin Nehir Irmak Çınar Kerem Ada Can Zeynep Emre Defne Mert Ece Kaan
        Asya Arda Derya Barış Gökçe Umut Işıl Tolga Şule Volkan Özge Cem Pınar Serkan İpek Onur
        Yağmur Tuna Ceren Efe Melis Doruk Sıla Alp Bahar Ege Esra Poyraz Gizem Rüzgar Hazal Sarp
        Aylin Teoman Bengü Utku Cansu Yiğit Damla Çağan Eylül Atlas Feride Batu Gonca Berk Hande
        Cihan İdil Demir Jale Ediz Kardelen Ferhat Leyla Göktuğ Maya Haluk Nazlı İlker Oya Koray
        Pelin Levent Rana Metehan Seda Nadir Tuğba Okan Ufuk Polat Verda Rıza Yasemin Sinan
        Zerrin Taylan Aslı Uğur Beren Yaman Çiğdem Ozan
        """)

    static let surnames = words(
        """
        Karaca Tanyel Aksoylu Örge Atalan Solmaz Dinçalp Esmer Yılmazer Demirel Kayalı Çelikten
        Şahinler Aydıner Özdemirci Arslanoğlu Doğanay Kılıçer Aslanbey Çetinel Korkutan Özcanlı
        Şimşekli Polater Erdoğru Kurtuldu Ozanlı Yazıcıer Güneri Akarsu Bulutay Tekinalp Aktaşlı
        Sezgiç Turanlı Uysalcan Ergüç Duruk Keskiner Işıkçı Gürler Yavuzer Başaran Tunçer
        Sönmezer Toprakçı Varolun Akıncılar Bilgenur Coşkuner Dağlı Ekinci Fidaner Göker Hisarlı
        İnanır Jandar Kökten Limoncu Mutluer Narin Okyanus Pamukçu Reçber Saygın Tarhan Ulusoylu
        Ünverdi Vardarlı Yalçınkaya Zorlutuna Altınay Berkman Canıtez Çalıkuşu Dereli Elmas
        Fırtına Göçmen Harmancı Irmakçı İlbey Kavaklı Levendoğlu Menekşe Nergis Ormancı Öztürkay
        Palamut Renda Sarıyer Şengün Tanrıkulu Uçar Üstünel Yaylalı Zeybek Akkor Baykuş Çimen
        """)

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }
}
