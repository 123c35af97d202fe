# Cómo se llaman las cosas.
date = { $day } { $month ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sept
    [10] oct
    [11] nov
   *[12] dic
 } { $year }
moment = { $date } a las { $time }
period-day = el { $day }
period-range = del { $from } al { $to }

category-groceries = supermercado
category-dining = restaurantes
category-transport = transporte
category-shopping = compras
category-utilities = servicios
category-housing = vivienda
category-health = salud
category-entertainment = ocio
category-travel = viajes
category-income = ingresos
category-fees = comisiones
category-transfers = transferencias
category-cash = efectivo
category-other = otros

new-payee = cuenta { $number } (beneficiario nuevo)
some-account = cuenta
some-payee = beneficiario ({ $number })
some-biller = empresa ({ $number })

schedule-once = el { $first }
schedule-every = { $every }{ $last_day }, por primera vez el { $first }, { $end }
every-weekly = cada semana
every-biweekly = cada dos semanas
every-monthly = cada mes
every-quarterly = cada tres meses
every-yearly = cada año
or-last-day = { " (o el último día de un mes más corto)" }
end-never = hasta que lo canceles
end-on = hasta el { $day }
end-after = { $count ->
    [1] una vez
   *[other] { $count } veces
 }

condition-account = en { $name }
condition-category-list = de { $category }
condition-category-in = como { $category }
condition-category-out = en { $category }
condition-merchant = con “{ $words }”
condition-at-least = de al menos { $amount }
condition-at-most = de como mucho { $amount }
